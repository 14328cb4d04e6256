import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { llmPolicy } from "./llm-policy.js";

interface Body {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: unknown } }[];
  readonly tool_choice?: unknown;
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly schema: unknown; readonly strict: boolean };
  };
  readonly stream?: boolean;
}

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A server that speaks OpenAI's protocol, in chunks; `answer` gives the object or text for a request. */
async function serve(
  answer: (body: Body) => object | string,
  status = 200,
  ends?: string,
): Promise<{ url: string; bodies: Body[] }> {
  const bodies: Body[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request)) as Body;
    bodies.push(body);
    if (status !== 200) {
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify({ error: { message: "no" } }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (choices: unknown[], usage?: object): void => {
      const chunk = {
        id: "c",
        object: "chat.completion.chunk",
        created: 1,
        model: "local",
        choices,
        usage: usage ?? null,
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    const said = answer(body);
    const tool = body.tools?.[0]?.function.name;
    const text = typeof said === "string" ? said : JSON.stringify(said);
    send([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
    for (let at = 0; at < text.length; at += 7) {
      const piece = text.slice(at, at + 7);
      const call = {
        index: 0,
        ...(at === 0 ? { id: "t1", type: "function" } : {}),
        function: { ...(at === 0 ? { name: tool } : {}), arguments: piece },
      };
      send([
        { index: 0, delta: tool === undefined ? { content: piece } : { tool_calls: [call] }, finish_reason: null },
      ]);
    }
    send([{ index: 0, delta: {}, finish_reason: ends ?? (tool === undefined ? "stop" : "tool_calls") }]);
    send([], { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 });
    response.end("data: [DONE]\n\n");
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, bodies };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const chat = (url: string) =>
  new ChatOpenAI({ model: "local", apiKey: "none", configuration: { baseURL: url }, maxRetries: 0 });

/** Answers each role by its system prompt. */
function reply({ messages }: Body): object | string {
  const [system, user] = messages.map(({ content }) => content);
  if (system!.startsWith("You decide")) return { kind: "retrieve", question: chainQuestion, text: null, why: "facts" };
  if (system!.startsWith("You plan")) return { subQuestions: [{ id: "q1", question: chainQuestion, dependsOn: [] }] };
  if (system!.startsWith("You check")) {
    return { grades: [{ id: "q1", answered: true, evidence: ["E1"], answer: "Daedalus", missing: null, query: null }] };
  }
  const id = /<<<evidence (E\d+)[^<]*built by Daedalus/.exec(user!)?.[1];
  return `It was built by Daedalus. [${id}: "It was built by Daedalus"]`;
}

describe("llmPolicy over OpenAI's protocol", () => {
  it("tells an answer that the server cut from a whole one", async () => {
    const { url } = await serve(
      (body) => {
        const said = reply(body);
        return typeof said === "string" ? `${said} It was the work of a crafts` : said;
      },
      200,
      "length",
    );
    const answer = await createRetrievalAgent({ retriever: myths(), models: chat(url) }).ask(chainQuestion);
    expect([answer.status, answer.text]).toEqual(["partial", "It was built by Daedalus."]);
    expect(answer.notes).toContainEqual(
      expect.objectContaining({ code: "cut", detail: { role: "writer", reason: "length" } }),
    );
  });

  it.each([
    ["tool", {}],
    ["json_schema", { jsonSchema: true }],
    ["json_object", { tools: false, jsonMode: true }],
    ["prompted", { tools: false, jsonMode: false }],
  ])("decides by %s, streams the writer and counts what the server counts", async (form, capabilities) => {
    const { url, bodies } = await serve(reply);
    const policy = llmPolicy({ models: chat(url), capabilities });
    const drafts: string[] = [];
    let status = "";
    for await (const event of createRetrievalAgent({ retriever: myths(), policy }).stream(chainQuestion)) {
      if (event.type === "draft") drafts.push(event.text);
      if (event.type === "done") {
        status = event.answer.status;
        expect(event.answer.usage).toMatchObject({ inputTokens: 44, outputTokens: 20, calls: 4 });
        expect(event.answer.sentences).toMatchObject([{ text: "It was built by Daedalus.", verdict: "supported" }]);
        expect(event.answer.notes).toEqual([]);
      }
    }
    expect(status).toBe("answered");
    expect(drafts.length).toBeGreaterThan(3);
    const [router] = bodies;
    const used = router?.tools !== undefined ? "tool" : (router?.response_format?.type ?? "prompted");
    expect(used).toBe(form);
    expect(bodies).toHaveLength(4);
  });

  it("sends schemas that strict servers take: every field required, nothing added", async () => {
    const { url, bodies } = await serve(reply);
    const policy = llmPolicy({ models: chat(url), capabilities: { jsonSchema: true } });
    await createRetrievalAgent({ retriever: myths(), policy }).ask(chainQuestion);
    const schemas = bodies.flatMap(({ response_format: format }) => format?.json_schema ?? []);
    expect(schemas).toHaveLength(3);
    for (const { schema, strict } of schemas) {
      expect(strict).toBe(true);
      expectStrict(schema as Schema);
    }
  });

  it("ends in quotes when the server fails each time, and in a typed error when it refuses the key", async () => {
    const failing = await serve(reply, 500);
    const answer = await createRetrievalAgent({ retriever: myths(), models: chat(failing.url) }).ask(chainQuestion);
    expect(answer.citations.length).toBeGreaterThan(0);
    expect(answer.notes.map(({ code }) => code)).toContain("fell-back");
    const refusing = await serve(reply, 401);
    const asked = createRetrievalAgent({ retriever: myths(), models: chat(refusing.url) }).ask(chainQuestion);
    await expect(asked).rejects.toMatchObject({ code: "service-refused" });
  });
});

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
}

function expectStrict({ properties, required, additionalProperties, items }: Schema): void {
  if (properties !== undefined) {
    expect([...(required ?? [])].sort()).toEqual(Object.keys(properties).sort());
    expect(additionalProperties).toBe(false);
    for (const property of Object.values(properties)) expectStrict(property);
  }
  if (items !== undefined) expectStrict(items);
}
