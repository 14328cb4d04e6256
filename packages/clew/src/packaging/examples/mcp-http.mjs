import { createServer } from "node:http";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createRetrievalAgent, documents, linked, mcpServer, memoryIndex, miniLM, scope } from "clew";

const embedder = miniLM();
const index = await memoryIndex({ embedder });
const users = { "Bearer a": scope("acme"), "Bearer g": scope("globex") };
for (const [key, who] of Object.entries(users)) {
  await index.sync(who, documents([{ id: "note", pageContent: `The key ${key} opens the labyrinth.`, metadata: {} }]));
}

const http = createServer(async (request, response) => {
  const who = users[request.headers.authorization]; // whoever is logged in
  if (who === undefined) return response.writeHead(401).end();
  const view = index.in(who);
  const retriever = linked(view);
  const server = await mcpServer({ retriever, agent: createRetrievalAgent({ retriever }), view });
  response.on("close", () => server.close());
  const transport = new StreamableHTTPServerTransport({}); // no sessions: a server for each request
  await server.connect(transport);
  await transport.handleRequest(request, response);
});
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));

const client = new Client({ name: "example", version: "1.0.0" });
const url = new URL(`http://127.0.0.1:${http.address().port}/mcp`);
const headers = { authorization: "Bearer g" };
await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
const { structuredContent } = await client.callTool({ name: "search", arguments: { query: "labyrinth" } });
for (const { id, text } of structuredContent.hits) console.log(id, text);

await client.close();
http.close();
await index.close();
await embedder.close();
