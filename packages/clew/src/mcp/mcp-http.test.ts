import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createRetrievalAgent } from "@clew/agents";
import { scope } from "@clew/core";
import { hashEmbedder, sourceInputs } from "@clew/core/testing";
import { memoryIndex } from "@clew/index";
import { hybrid } from "@clew/retrievers";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect, it, onTestFinished } from "vitest";
import { mcpServer } from "./mcp-server.js";

it("serves over HTTP, each user in a scope of their own", async () => {
  const index = await memoryIndex({ embedder: hashEmbedder() });
  const tenants = { "Bearer a": scope("acme"), "Bearer g": scope("globex") };
  await index.sync(
    tenants["Bearer a"],
    sourceInputs([{ id: "crete.md", text: "The labyrinth was built by Daedalus." }]),
  );
  await index.sync(
    tenants["Bearer g"],
    sourceInputs([{ id: "secret.md", text: "The labyrinth was built by Vantor." }]),
  );
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const who = tenants[request.headers.authorization as keyof typeof tenants];
    if (who === undefined) {
      response.writeHead(401).end();
      return;
    }
    const view = index.in(who);
    const retriever = hybrid(view);
    const server = await mcpServer({ retriever, agent: createRetrievalAgent({ retriever }), view });
    // without sessions: a server for each request, in the scope of whoever made it
    const transport = new StreamableHTTPServerTransport({});
    response.on("close", () => void server.close());
    // the transport's own types are not written for exactOptionalPropertyTypes
    await server.connect(transport as Transport);
    await transport.handleRequest(request, response);
  };
  const http: Server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => http.close(resolve));
    await index.close();
  });
  const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
  const connect = async (authorization: string): Promise<Client> => {
    const client = new Client({ name: "test", version: "1" });
    const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } });
    await client.connect(transport as Transport);
    onTestFinished(() => client.close());
    return client;
  };
  const [a, g] = await Promise.all([connect("Bearer a"), connect("Bearer g")]);
  const progress: unknown[] = [];
  const ask = { name: "ask", arguments: { question: "Who built the labyrinth?" } };
  const [ours, theirs] = await Promise.all([
    a.callTool(ask, undefined, { onprogress: (step) => progress.push(step) }),
    g.callTool(ask),
  ]);
  expect(JSON.stringify(ours)).toContain("Daedalus");
  expect(JSON.stringify(ours)).not.toContain("Vantor");
  expect(JSON.stringify(theirs)).toContain("Vantor");
  expect(progress.length).toBeGreaterThan(1);
  await expect(connect("Bearer x")).rejects.toThrow();
});
