import { setTimeout as sleep } from "node:timers/promises";
import { type AIMessageChunk, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Script, type ScriptedEngine, scriptedEngine } from "./scripted-engine.js";
import { type ChatServer, serveChat } from "./serve-chat.js";

let server: ChatServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(script: Script): Promise<{ engine: ScriptedEngine; server: ChatServer; model: ChatOpenAI }> {
  const engine = scriptedEngine(script);
  server = await serveChat(engine, { now: () => 1_700_000_000_000 });
  const model = new ChatOpenAI({
    model: "scripted",
    apiKey: "none",
    maxRetries: 0,
    temperature: 0,
    configuration: { baseURL: server.url },
  });
  return { engine, server, model };
}

const post = (body: unknown): Promise<Response> =>
  fetch(`${server!.url}/chat/completions`, { method: "POST", body: JSON.stringify(body) });

const ask = { model: "scripted", messages: [{ role: "user", content: "Who?" }] };

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}

// LangChain types usage_metadata as never under exactOptionalPropertyTypes
const usageOf = (message: object | undefined): unknown => (message as { usage_metadata?: unknown }).usage_metadata;

async function gather(chunks: AsyncIterable<AIMessageChunk>): Promise<{ pieces: string[]; whole: AIMessageChunk }> {
  const pieces: string[] = [];
  let whole: AIMessageChunk | undefined;
  for await (const chunk of chunks) {
    if (chunk.text !== "") pieces.push(chunk.text);
    whole = whole === undefined ? chunk : whole.concat(chunk);
  }
  return { pieces, whole: whole! };
}

describe("serveChat", () => {
  it("answers whole, with usage", async () => {
    const { model, engine } = await start(() => ["The ", "Seine."]);
    const message = await model.invoke([new SystemMessage("Be short."), new HumanMessage("Which river?")]);
    expect(message.text).toBe("The Seine.");
    expect(usageOf(message)).toMatchObject({ input_tokens: 4, output_tokens: 2, total_tokens: 6 });
    expect(message.response_metadata).toMatchObject({ finish_reason: "stop" });
    expect(engine.requests[0]).toMatchObject({
      messages: [
        { role: "system", text: "Be short." },
        { role: "user", text: "Which river?" },
      ],
      format: { kind: "text" },
      temperature: 0,
      maxTokens: 512,
    });
  });

  it("streams piece by piece, usage in the last chunk", async () => {
    const { model } = await start(() => ["The ", "Seine", "."]);
    const { pieces, whole } = await gather(await model.stream("Which river?"));
    expect(pieces).toEqual(["The ", "Seine", "."]);
    expect(usageOf(whole)).toMatchObject({ input_tokens: 2, output_tokens: 3, total_tokens: 5 });
  });

  it("sends no usage that was not asked for", async () => {
    await start(() => ["yes"]);
    const events = await (await post({ ...ask, stream: true })).text();
    expect(events).not.toContain("usage");
    expect(events.trimEnd().endsWith("data: [DONE]")).toBe(true);
  });

  it("hands a JSON schema to the engine", async () => {
    const { model, engine } = await start(() => ['{"river":', '"Seine"}']);
    const structured = model.withStructuredOutput(z.object({ river: z.string() }), {
      method: "jsonSchema",
      name: "river",
    });
    expect(await structured.invoke("Which river?")).toEqual({ river: "Seine" });
    expect(engine.requests[0]?.format).toMatchObject({
      kind: "schema",
      schema: { type: "object", properties: { river: { type: "string" } }, required: ["river"] },
    });
  });

  it("asks for JSON in JSON mode", async () => {
    const { model, engine } = await start(() => ["{}"]);
    await model.withConfig({ response_format: { type: "json_object" } }).invoke("Which river?");
    expect(engine.requests[0]?.format).toEqual({ kind: "json" });
  });

  it("writes the arguments of a forced tool", async () => {
    const { model, engine } = await start(() => ['{"river":', '"Seine"}']);
    const structured = model.withStructuredOutput(z.object({ river: z.string() }), {
      method: "functionCalling",
      name: "name_river",
    });
    expect(await structured.invoke("Which river?")).toEqual({ river: "Seine" });
    expect(engine.requests[0]?.messages[0]?.text).toContain("name_river");

    const forced = model.bindTools([riverTool], { tool_choice: "name_river" });
    const { whole } = await gather(await forced.stream("Which river?"));
    expect(whole.tool_calls).toMatchObject([{ name: "name_river", args: { river: "Seine" }, id: "call-2" }]);
    expect(whole.invalid_tool_calls).toEqual([]);
    expect(whole.response_metadata).toMatchObject({ finish_reason: "tool_calls" });
  });

  it("lets the model choose between tools and saying something", async () => {
    const replies = [
      '{"tool":"name_river","arguments":{"river":"Seine"}}',
      '{"tool":null,"arguments":{"text":"No idea."}}',
    ];
    const { model, engine } = await start(() => [replies[engine.requests.length - 1]!]);
    const free = model.bindTools([riverTool]);
    const called = await free.invoke("Which river?");
    expect(called.tool_calls).toMatchObject([{ name: "name_river", args: { river: "Seine" } }]);
    const said = await gather(await free.stream("Which river?"));
    expect(said.whole.text).toBe("No idea.");
    expect(said.whole.tool_calls).toEqual([]);
    expect(engine.requests[1]?.format).toMatchObject({
      schema: { anyOf: [{ properties: { tool: { const: "name_river" } } }, {}] },
    });
  });

  it("hands a conversation with tool results on", async () => {
    const { engine } = await start(() => ["ok"]);
    const call = { id: "a", type: "function", function: { name: "name_river", arguments: "{}" } };
    await post({
      ...ask,
      messages: [
        { role: "user", content: [{ type: "text", text: "Who?" }] },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "a", content: "Seine" },
      ],
    });
    expect(engine.requests[0]?.messages.map(({ text }) => text)).toEqual([
      "Who?",
      "Called name_river: {}",
      "Result of name_river:\nSeine",
    ]);
  });

  it("keeps to the limits, stop texts and temperature of the request", async () => {
    const { engine } = await start(() => ["one ", "two ", "three"]);
    const response = await post({ ...ask, max_tokens: 2, temperature: 0, top_p: 0.5, seed: 0, stop: "\n" });
    expect(await response.json()).toMatchObject({
      id: "chatcmpl-1",
      created: 1_700_000_000,
      choices: [{ message: { content: "one two " }, finish_reason: "length" }],
    });
    expect(engine.requests[0]).toMatchObject({ maxTokens: 2, temperature: 0, topP: 0.5, seed: 0, stop: ["\n"] });
  });

  it("stops when the client goes, and works on the next request", async () => {
    const { model, engine, server } = await start(({ messages }) =>
      messages[0]?.text === "Go on" ? "endless" : ["done"],
    );
    const controller = new AbortController();
    const stream = await model.stream("Go on", { signal: controller.signal });
    const next = model.invoke("Then?");
    await expect(async () => {
      for await (const chunk of stream) if (chunk.text !== "") controller.abort();
    }).rejects.toThrow();
    expect((await next).text).toBe("done");
    await until(() => server.abandoned === 1);
    expect(engine.stopped).toBe(1);
    expect(server).toMatchObject({ busy: false, waiting: 0, completed: 1 });
  });

  it("never begins a request whose client went while it waited", async () => {
    const { engine, server } = await start(() => "endless");
    const first = new AbortController();
    const second = new AbortController();
    const url = `${server.url}/chat/completions`;
    const body = JSON.stringify(ask);
    const outcomes = [first, second].map(({ signal }) =>
      fetch(url, { method: "POST", body, signal }).catch((error: Error) => error.name),
    );
    await until(() => server.busy && server.waiting === 1);
    second.abort();
    await until(() => server.waiting === 0);
    first.abort();
    expect(await Promise.all(outcomes)).toEqual(["AbortError", "AbortError"]);
    await until(() => server.abandoned === 2);
    expect(engine.requests).toHaveLength(1);
    expect(server.busy).toBe(false);
  });

  it("works on several requests in their order", async () => {
    const { model, engine } = await start(({ messages }) => [`re: ${messages[0]?.text}`]);
    const answers = await Promise.all(["a", "b", "c", "d"].map((text) => model.invoke(text)));
    expect(answers.map(({ text }) => text)).toEqual(["re: a", "re: b", "re: c", "re: d"]);
    expect(engine.requests).toHaveLength(4);
  });

  it("gives errors in OpenAI's form, and goes on", async () => {
    const { model } = await start(({ messages }) =>
      messages[0]?.text === "break" ? [new Error("out of memory")] : ["ok"],
    );
    const broken = await post({ ...ask, messages: [{ role: "user", content: "break" }] });
    expect(broken.status).toBe(500);
    expect(await broken.json()).toEqual({
      error: { message: "out of memory", type: "server_error", param: null, code: null },
    });
    await expect(model.invoke("break")).rejects.toMatchObject({ status: 500 });
    expect((await model.invoke("go on")).text).toBe("ok");
  });

  it("ends a stream that breaks with an error, not with [DONE]", async () => {
    const { model } = await start(() => ["so ", "far", new Error("out of memory")]);
    const pieces: string[] = [];
    await expect(async () => {
      for await (const { text } of await model.stream("?")) if (text !== "") pieces.push(text);
    }).rejects.toThrow("out of memory");
    expect(pieces).toEqual(["so ", "far"]);
  });

  it("refuses what it does not know instead of ignoring it", async () => {
    const { engine } = await start(() => ["ok"]);
    const refusals: [object, number, string | null, string | null][] = [
      [{ ...ask, logit_bias: {} }, 400, "unsupported_parameter", "logit_bias"],
      [{ ...ask, n: 2 }, 400, "invalid_value", "n"],
      [{ ...ask, max_tokens: 0 }, 400, "invalid_value", "max_tokens"],
      [{ ...ask, messages: [] }, 400, "invalid_value", "messages"],
      [{ ...ask, model: "gpt-x" }, 404, "model_not_found", "model"],
      [{ ...ask, tool_choice: "required" }, 400, null, "tool_choice"],
    ];
    for (const [body, status, code, param] of refusals) {
      const response = await post(body);
      expect(response.status, JSON.stringify(body)).toBe(status);
      expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", code, param } });
    }
    expect(engine.requests).toEqual([]);
  });

  it("lists its models and says what it does not have", async () => {
    const { server } = await start(() => ["ok"]);
    expect(await (await fetch(`${server.url}/models`)).json()).toMatchObject({
      data: [{ id: "scripted", object: "model" }],
    });
    expect((await fetch(`${server.url}/embeddings`)).status).toBe(404);
    const broken = await fetch(`${server.url}/chat/completions`, { method: "POST", body: "{" });
    expect(await broken.json()).toMatchObject({ error: { message: "The body is no JSON." } });
  });

  it("closes in the middle of a stream", async () => {
    const { model, engine, server: running } = await start(() => "endless");
    const stream = await model.stream("Go on");
    await expect(async () => {
      for await (const _ of stream) void running.close();
    }).rejects.toThrow();
    await until(() => engine.closed);
    expect(engine.stopped).toBe(1);
  });
});

const riverTool = {
  type: "function" as const,
  function: {
    name: "name_river",
    description: "Names a river.",
    parameters: { type: "object", properties: { river: { type: "string" } }, required: ["river"] },
  },
};
