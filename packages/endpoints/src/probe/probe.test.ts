import type { Capabilities } from "@clew/core";
import { scriptedModel } from "@clew/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { endpoint } from "../endpoint.js";
import type { EndpointModel } from "../endpoint-model.js";
import type { EndpointOptions } from "../endpoint-options.js";
import { type ModelServer, type TestModelServerOptions, testMind, testModelServer } from "../testing/index.js";
import { probe } from "./probe.js";
import type { ProbeReport } from "./probe-report.js";

const open: ModelServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(
  options: TestModelServerOptions,
  own: Partial<EndpointOptions> = {},
): Promise<{ server: ModelServer; model: EndpointModel }> {
  const server = await testModelServer(options);
  open.push(server);
  const kind = options.protocol === "tgi-generate" ? "tgi" : (options.protocol ?? "openai-compatible");
  const model = ["tgi", "llamacpp", "azure"].includes(kind) ? {} : { model: "test-model" };
  const settings = { kind, baseURL: server.baseURL, apiKey: "planted-key-0a1b2c", maxRetries: 0, ...model, ...own };
  return { server, model: endpoint(settings as EndpointOptions) };
}

const answers = ({ abilities }: ProbeReport): Record<string, string> =>
  Object.fromEntries(Object.entries(abilities).map(([name, { answer }]) => [name, answer]));

const yes = "kept" as const;
const no = "refused" as const;
/** chat, streaming, streamUsage, tools, jsonSchema, jsonMode, logprobs */
const row = (...found: ("yes" | "no" | "unknown")[]) => {
  const [chat, streaming, streamUsage, tools, jsonSchema, jsonMode, logprobs] = found;
  return { chat, streaming, streamUsage, tools, jsonSchema, jsonMode, logprobs };
};

const servers: readonly {
  readonly name: string;
  readonly options: TestModelServerOptions;
  readonly own?: Partial<EndpointOptions>;
  readonly found: ReturnType<typeof row>;
  readonly capabilities: Capabilities;
  readonly api?: "completions";
}[] = [
  {
    name: "able",
    options: {
      protocol: "openai",
      answer: testMind({ tools: yes, jsonSchema: yes, jsonMode: yes, logprobs: yes, contextTokens: 128_000 }),
    },
    found: row("yes", "yes", "yes", "yes", "yes", "yes", "yes"),
    capabilities: {
      tools: true,
      jsonSchema: true,
      jsonMode: true,
      logprobs: true,
      streamUsage: true,
      contextTokens: 128_000,
    },
  },
  {
    name: "takes response_format and ignores it, whatever its name promises",
    options: { model: "gpt-4o", answer: testMind({ tools: yes, model: "gpt-4o" }) },
    own: { model: "gpt-4o" },
    found: row("yes", "yes", "yes", "yes", "no", "no", "no"),
    capabilities: { tools: true, jsonSchema: false, jsonMode: false, logprobs: false, streamUsage: true },
  },
  {
    name: "refuses tools",
    options: { protocol: "vllm", answer: testMind({ tools: no, jsonSchema: yes, jsonMode: yes }) },
    found: row("yes", "yes", "yes", "no", "yes", "yes", "no"),
    capabilities: {
      tools: false,
      jsonSchema: true,
      jsonMode: true,
      logprobs: false,
      streamUsage: true,
      contextTokens: 8192,
    },
  },
  {
    name: "completes texts only",
    options: { protocol: "vllm", answer: testMind({ chat: no, logprobs: yes }) },
    found: row("no", "yes", "yes", "no", "no", "no", "yes"),
    capabilities: {
      tools: false,
      jsonSchema: false,
      jsonMode: false,
      logprobs: true,
      streamUsage: true,
      contextTokens: 8192,
    },
    api: "completions",
  },
  {
    name: "answers everything in prose",
    options: { protocol: "llamacpp", contextTokens: 2048, answer: testMind() },
    found: row("yes", "yes", "yes", "no", "no", "no", "no"),
    capabilities: {
      tools: false,
      jsonSchema: false,
      jsonMode: false,
      logprobs: false,
      streamUsage: true,
      contextTokens: 2048,
    },
  },
  {
    name: "does not count in streams",
    options: { protocol: "huggingface", answer: testMind({ tools: yes, jsonMode: yes, streamUsage: "ignored" }) },
    found: row("yes", "yes", "no", "yes", "no", "yes", "no"),
    capabilities: {
      tools: true,
      jsonSchema: false,
      jsonMode: true,
      logprobs: false,
      streamUsage: false,
      contextTokens: 8192,
    },
  },
  {
    name: "refuses to be asked for usage",
    options: { answer: testMind({ jsonMode: yes, jsonSchema: no, tools: no, streamUsage: no, contextTokens: 4096 }) },
    found: row("yes", "yes", "no", "no", "no", "yes", "no"),
    capabilities: {
      tools: false,
      jsonSchema: false,
      jsonMode: true,
      logprobs: false,
      streamUsage: false,
      contextTokens: 4096,
    },
  },
  {
    name: "does not stream",
    options: { protocol: "azure", answer: testMind({ tools: yes, streaming: "ignored" }) },
    own: { deployment: "test-model" } as Partial<EndpointOptions>,
    found: row("yes", "no", "no", "yes", "no", "no", "no"),
    capabilities: { tools: true, jsonSchema: false, jsonMode: false, logprobs: false, streamUsage: false },
  },
  {
    name: "refuses to stream",
    options: { answer: testMind({ jsonSchema: yes, streaming: no }) },
    found: row("yes", "no", "no", "no", "yes", "no", "no"),
    capabilities: { tools: false, jsonSchema: true, jsonMode: false, logprobs: false, streamUsage: false },
  },
  {
    name: "Ollama, which says that it has tools and has none",
    options: {
      protocol: "ollama",
      says: ["completion", "tools"],
      answer: testMind({ jsonSchema: yes, jsonMode: yes }),
    },
    found: row("yes", "yes", "yes", "no", "yes", "yes", "no"),
    capabilities: {
      tools: false,
      jsonSchema: true,
      jsonMode: true,
      logprobs: false,
      streamUsage: true,
      contextTokens: 8192,
    },
  },
  {
    name: "TGI by its own protocol, guided",
    options: { protocol: "tgi-generate", answer: testMind({ jsonSchema: yes, jsonMode: yes }) },
    own: { api: "generate" } as Partial<EndpointOptions>,
    found: row("unknown", "yes", "yes", "no", "yes", "yes", "no"),
    capabilities: {
      tools: false,
      jsonSchema: true,
      jsonMode: true,
      logprobs: false,
      streamUsage: true,
      contextTokens: 8192,
    },
    api: "completions",
  },
];

describe("probe", () => {
  it.each(servers)("a server that $name", async ({ options, own, found, capabilities, api = "chat" }) => {
    const { server, model } = await serve(options, own);
    const report = await probe(model);
    expect(answers(report)).toEqual(found);
    expect(report.capabilities).toEqual(capabilities);
    expect(report.api).toBe(api);
    expect(report.calls).toBe(server.asked.length);
    expect(report.calls).toBeLessThanOrEqual(12);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(JSON.stringify(report)).not.toContain("planted-key");
    expect(report.text).toContain(`found out in ${report.calls} calls`);
  });

  it("finds again what it finds, whatever was declared", async () => {
    const { model } = await serve(
      { answer: testMind({ tools: yes }) },
      { capabilities: { tools: false, jsonSchema: true } },
    );
    expect(answers(await probe(model))).toMatchObject({ tools: "yes", jsonSchema: "no" });
  });

  it("names adapters, revision and server", async () => {
    const { model } = await serve(
      { protocol: "vllm", adapters: ["writer-lora"], answer: testMind() },
      { model: "writer-lora" },
    );
    const report = await probe(model);
    expect(report).toMatchObject({
      adapters: [{ name: "writer-lora", base: "test-model" }],
      served: "writer-lora",
      server: "vLLM 0.11.0",
      contextTokens: 8192,
    });
    expect(report.text).toContain("writer-lora (on test-model)");
    const { model: tgi } = await serve({ protocol: "tgi", answer: testMind() });
    expect(await probe(tgi)).toMatchObject({ revision: "0a1b2c3d", server: "TGI 3.3.4" });
  });

  it("calls nothing where a cache knows", async () => {
    const { server, model } = await serve({ answer: testMind({ tools: yes }) });
    const cache = new Map<string, ProbeReport>();
    const first = await probe(model, { cache });
    const asked = server.asked.length;
    expect(await probe(model, { cache })).toEqual(first);
    expect(server.asked.length).toBe(asked);
  });

  it("says unknown where a failure says nothing, and throws where nothing answers", async () => {
    let at = 0;
    const mind = testMind({ tools: yes });
    const { model } = await serve({
      answer: (call) => (at++ === 1 ? { refused: 500, message: "out of memory" } : mind(call)),
    });
    const report = await probe(model);
    expect(report.abilities.tools).toEqual({ answer: "unknown", evidence: "failed with 500: out of memory" });
    expect("tools" in report.capabilities).toBe(false);
    const { model: mute } = await serve({ answer: () => ({ refused: 500, message: "no" }) });
    await expect(probe(mute)).rejects.toMatchObject({ code: "model-failed" });
    const { model: locked } = await serve({ answer: () => ({ refused: 401, message: "no" }) });
    await expect(probe(locked)).rejects.toMatchObject({ code: "service-refused" });
  });

  it("stops when the caller leaves", async () => {
    const { server, model } = await serve({ answer: testMind() });
    server.hold();
    const leaving = new AbortController();
    const gone = new Error("the caller has gone");
    const probing = probe(model, { signal: leaving.signal });
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    leaving.abort(gone);
    await expect(probing).rejects.toBe(gone);
    expect(server.requests).toHaveLength(1);
  });

  it("takes any LangChain chat model", async () => {
    const model = scriptedModel({
      answers: ({ forced }) => (forced === undefined ? "The thread leads out." : { json: { vq7_colour: "red" } }),
    });
    const report = await probe(model);
    expect(answers(report)).toMatchObject({
      chat: "yes",
      streaming: "yes",
      tools: "yes",
      jsonSchema: "no",
      jsonMode: "no",
    });
    expect(report).toMatchObject({ kind: "scripted", baseURL: null, calls: 6 });
  });

  it("#options: refuses what it does not know", async () => {
    const { model } = await serve({});
    await expect(probe(model, { deep: true } as object)).rejects.toMatchObject({ code: "invalid-option" });
  });
});
