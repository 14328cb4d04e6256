import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { afterEach, describe, expect, it } from "vitest";
import { endpoint } from "../endpoint.js";
import type { EndpointCallOptions } from "../endpoint-call-options.js";
import type { EndpointOptions } from "../endpoint-options.js";
import { type ModelServer, type TestProtocol, testModelServer } from "../testing/index.js";

const open: ModelServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const schema = { type: "object", properties: { who: { type: "string" } }, required: ["who"] };
const format: EndpointCallOptions = {
  response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
};

/** The body of the one request that a call makes. */
async function bodyOf(
  protocol: TestProtocol,
  own: Partial<EndpointOptions>,
  options: EndpointCallOptions = {},
  messages = [new SystemMessage("Be brief."), new HumanMessage("Who?")],
): Promise<{ body: Record<string, unknown>; path: string }> {
  const server = await testModelServer({ protocol });
  open.push(server);
  const model = endpoint({
    baseURL: server.baseURL,
    environment: {},
    apiKey: "none-needed",
    ...own,
  } as EndpointOptions);
  await model.invoke(messages, options);
  const { body, path } = server.requests[0]!;
  return { body: body as Record<string, unknown>, path };
}

describe("kinds", () => {
  it("vllm asks for a schema in the way that the server knows", async () => {
    const vllm = { kind: "vllm", model: "m" } as const;
    expect((await bodyOf("vllm", vllm, format)).body).toMatchObject(format);
    expect((await bodyOf("vllm", { ...vllm, guidance: "guided_json" }, format)).body).toMatchObject({
      guided_json: schema,
    });
    expect((await bodyOf("vllm", { ...vllm, guidance: "structured_outputs" }, format)).body).toMatchObject({
      structured_outputs: { json: schema },
    });
    expect((await bodyOf("vllm", { ...vllm, guidance: "guided_json" }, { grammar: "root ::= x" })).body).toMatchObject({
      guided_grammar: "root ::= x",
    });
  });

  it("completions write the conversation by a template, the plain one with its stop", async () => {
    const base = { kind: "vllm", model: "base", api: "completions" } as const;
    const plain = await bodyOf("vllm", { ...base, stop: ["\n\n"] });
    expect(plain).toMatchObject({
      path: "/v1/completions",
      body: { prompt: "Be brief.\n\nUser: Who?\n\nAssistant:", stop: ["\n\n", "\nUser:"] },
    });
    const template: EndpointOptions = {
      ...base,
      baseURL: "http://unused",
      template: (messages) => messages.map((message) => `<|${message.getType()}|>${message.text}`).join(""),
    };
    const { baseURL: _, ...own } = template;
    const { body } = await bodyOf("vllm", own);
    expect(body.prompt).toBe("<|system|>Be brief.<|human|>Who?");
    expect("stop" in body).toBe(false);
  });

  it("llamacpp sets adapters and grammars for each request", async () => {
    const lora = [{ id: 1, scale: 0.5 }];
    const chat = await bodyOf("llamacpp", { kind: "llamacpp", lora } as Partial<EndpointOptions>, {
      grammar: "root ::= x",
    });
    expect(chat.body).toMatchObject({ lora, grammar: "root ::= x", model: "default" });
    const text = await bodyOf("llamacpp", { kind: "llamacpp", api: "completions" } as Partial<EndpointOptions>, format);
    expect(text.body).toMatchObject({ json_schema: schema });
  });

  it("llamacpp beside an adapter never begins from what was read under another one", async () => {
    const sent = async (own: object) => {
      const { body } = await bodyOf("llamacpp", { kind: "llamacpp", ...own } as Partial<EndpointOptions>);
      return { lora: body.lora, cache_prompt: body.cache_prompt };
    };
    const lora = [{ id: 1, scale: 0.5 }];
    expect(await sent({})).toEqual({ lora: undefined, cache_prompt: undefined });
    expect(await sent({ lora })).toEqual({ lora, cache_prompt: false });
    expect(await sent({ lora, api: "completions" })).toEqual({ lora, cache_prompt: false });
    expect(await sent({ lora, cachePrompt: true })).toEqual({ lora, cache_prompt: true });
    expect(await sent({ cachePrompt: false })).toEqual({ lora: undefined, cache_prompt: false });
    // the server takes an empty list for none given, and its own adapters would stay on
    expect(await sent({ lora: [] })).toEqual({ lora: [{ id: 0, scale: 0 }], cache_prompt: false });
    expect(() =>
      endpoint({ kind: "llamacpp", baseURL: "http://unused", cachePrompt: "no" as never, environment: {} }),
    ).toThrow(/cachePrompt/);
  });

  it("tgi guides by its grammar, in messages and by its own protocol, with an adapter", async () => {
    expect((await bodyOf("tgi", { kind: "tgi" }, format)).body).toMatchObject({
      model: "tgi",
      response_format: { type: "json", value: schema },
    });
    const own = { kind: "tgi", api: "generate", adapter: "my-lora", temperature: 0 } as const;
    const { body, path } = await bodyOf("tgi-generate", own, format);
    expect(path).toBe("/generate");
    expect(body.parameters).toMatchObject({
      adapter_id: "my-lora",
      do_sample: false,
      grammar: { type: "json", value: schema },
    });
    const regex = await bodyOf("tgi-generate", own, { grammar: "[a-z]+" });
    expect(regex.body.parameters).toMatchObject({ grammar: { type: "regex", value: "[a-z]+" } });
  });

  it("ollama takes schema, keep-alive, context, images and results of tools", async () => {
    const own = { kind: "ollama", model: "m", keepAlive: "10m", contextTokens: 4096, temperature: 0, seed: 7 } as const;
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } };
    const { body } = await bodyOf("ollama", own, format, [
      new HumanMessage({ content: [{ type: "text", text: "What is it?" }, image] }),
      new AIMessage({ content: "", tool_calls: [{ name: "look", args: { at: 1 }, id: "c1", type: "tool_call" }] }),
      new ToolMessage({ content: "A thread.", tool_call_id: "c1", name: "look" }),
    ] as never);
    expect(body).toMatchObject({
      format: schema,
      keep_alive: "10m",
      options: { num_ctx: 4096, temperature: 0, seed: 7 },
      messages: [
        { role: "user", content: "What is it?", images: ["QUJD"] },
        { role: "assistant", tool_calls: [{ function: { name: "look", arguments: { at: 1 } } }] },
        { role: "tool", content: "A thread.", tool_name: "look" },
      ],
    });
  });

  it("ollama's calls in one answer stay apart, each with an identity", async () => {
    const line = (value: object) => `${JSON.stringify({ model: "m", done: false, ...value })}\n`;
    const call = (name: string) => ({
      message: { content: "", tool_calls: [{ function: { name, arguments: { name } } }] },
    });
    const body = [call("one"), call("two"), { message: { content: "" }, done: true, done_reason: "stop" }]
      .map(line)
      .join("");
    const model = endpoint({
      kind: "ollama",
      model: "m",
      fetch: async () => new Response(body, { headers: { "content-type": "application/x-ndjson" } }),
    });
    let whole: Awaited<ReturnType<typeof model.invoke>> | undefined;
    for await (const chunk of await model.stream("?")) whole = whole === undefined ? chunk : whole.concat(chunk);
    expect(whole?.tool_calls?.map(({ name, args }) => [name, args])).toEqual([
      ["one", { name: "one" }],
      ["two", { name: "two" }],
    ]);
    expect(new Set(whole?.tool_calls?.map(({ id }) => id)).size).toBe(2);
  });

  it("azure names the deployment in its path, the version in its query, and the key in its header", async () => {
    const server = await testModelServer({ protocol: "azure" });
    open.push(server);
    const { baseURL } = server;
    await endpoint({
      kind: "azure",
      deployment: "my dep",
      apiVersion: "2025-01-01",
      baseURL,
      apiKey: "k-123456",
    }).invoke("?");
    expect(server.requests[0]).toMatchObject({
      path: "/openai/deployments/my%20dep/chat/completions?api-version=2025-01-01",
      headers: { "api-key": "k-123456" },
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("openai limits by max_completion_tokens, forces tools by name, and asks for log-probabilities", async () => {
    const server = await testModelServer({ protocol: "openai" });
    open.push(server);
    const model = endpoint({ kind: "openai", model: "m", baseURL: server.baseURL, apiKey: "k-123456", maxTokens: 5 });
    const tool = { type: "function" as const, function: { name: "look", parameters: { type: "object" } } };
    await model.bindTools!([tool], { tool_choice: "look" }).invoke("?", { logprobs: true });
    expect(server.requests[0]?.body).toMatchObject({
      max_completion_tokens: 5,
      tool_choice: { type: "function", function: { name: "look" } },
      logprobs: true,
    });
    await model.bindTools!([tool], { tool_choice: "any" }).invoke("?");
    expect(server.requests[1]?.body).toMatchObject({ tool_choice: "required" });
  });

  it("a server that gives up in mid-stream is told in its own words", async () => {
    const body =
      'data: {"choices":[{"index":0,"delta":{"content":"The"}}]}\n\ndata: {"error":{"message":"out of memory"}}\n\n';
    const model = endpoint({
      kind: "vllm",
      model: "m",
      baseURL: "http://unused/v1",
      fetch: async () => new Response(body, { headers: { "content-type": "text/event-stream" } }),
    });
    const heard = (async () => {
      for await (const _ of await model.stream("?"));
    })();
    await expect(heard).rejects.toMatchObject({ code: "model-failed", message: "vllm:m gave up: out of memory" });
  });

  it("thoughts, cached tokens and usage that is told again and again are read once", async () => {
    const usage = (n: number) => ({
      prompt_tokens: 7,
      completion_tokens: n,
      prompt_tokens_details: { cached_tokens: 3 },
    });
    const events = [
      { choices: [{ index: 0, delta: { reasoning_content: "hm" } }], usage: usage(1) },
      { model: "real-name", choices: [{ index: 0, delta: { content: "Yes" } }], usage: usage(2) },
      { choices: [{ index: 0, delta: {}, finish_reason: "length" }], usage: usage(3) },
    ];
    const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
    const model = endpoint({
      kind: "vllm",
      model: "m",
      baseURL: "http://unused/v1",
      fetch: async () => new Response(body, { headers: { "content-type": "text/event-stream" } }),
    });
    let whole: Awaited<ReturnType<typeof model.invoke>> | undefined;
    for await (const chunk of await model.stream("?")) whole = whole === undefined ? chunk : whole.concat(chunk);
    expect(whole).toMatchObject({
      text: "Yes",
      additional_kwargs: { reasoning_content: "hm" },
      usage_metadata: { input_tokens: 7, output_tokens: 3, input_token_details: { cache_read: 3 } },
      response_metadata: { finish_reason: "length" },
    });
  });
});
