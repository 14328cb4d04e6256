import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { endpoint } from "./endpoint.js";
import type { EndpointOptions } from "./endpoint-options.js";
import { testModelServer } from "./testing/index.js";

const vllm = { kind: "vllm", model: "m", baseURL: "http://gpu:8000/v1", environment: {} } as const;

describe("endpoint", () => {
  it.each([
    [{ kind: "nobody", model: "m" }, "kind"],
    [undefined, "kind"],
    [{ ...vllm, modle: "x" }, "modle"],
    [{ ...vllm, deployment: "x" }, "deployment"],
    [{ ...vllm, model: " " }, "model"],
    [{ ...vllm, baseURL: "gpu:8000" }, "baseURL"],
    [{ ...vllm, baseURL: "ftp://gpu" }, "baseURL"],
    [{ ...vllm, baseURL: "http://me:pw@gpu" }, "baseURL"],
    [{ ...vllm, baseURL: "http://gpu/v1?key=1" }, "baseURL"],
    [{ ...vllm, apiKey: "" }, "apiKey"],
    [{ ...vllm, headers: { "bad name": "x" } }, "headers"],
    [{ ...vllm, headers: { ok: "two\nlines" } }, "headers.ok"],
    [{ ...vllm, timeoutMs: 0 }, "timeoutMs"],
    [{ ...vllm, maxRetries: 1.5 }, "maxRetries"],
    [{ ...vllm, maxConcurrency: 0 }, "maxConcurrency"],
    [{ ...vllm, coldStartMs: -1 }, "coldStartMs"],
    [{ ...vllm, maxTokens: 0 }, "maxTokens"],
    [{ ...vllm, temperature: -1 }, "temperature"],
    [{ ...vllm, seed: 0.5 }, "seed"],
    [{ ...vllm, stop: [""] }, "stop"],
    [{ ...vllm, capabilities: { tools: "yes" } }, "capabilities.tools"],
    [{ ...vllm, capabilities: { vision: true } }, "vision"],
    [{ ...vllm, guidance: "magic" }, "guidance"],
    [{ ...vllm, api: "generate" }, "api"],
    [{ ...vllm, template: () => "" }, "template"],
    [{ kind: "tgi", baseURL: "http://gpu", adapter: "a" }, "adapter"],
    [{ kind: "llamacpp", baseURL: "http://gpu", lora: [{ id: 0 }] }, "lora"],
    [{ kind: "ollama", model: "m", keepAlive: true }, "keepAlive"],
    [{ kind: "azure", baseURL: "http://x" }, "deployment"],
  ])("refuses %j", (options, name) => {
    const make = (): unknown => endpoint(options as EndpointOptions);
    expect(make).toThrow(expect.objectContaining({ code: "invalid-option" }));
    expect(make).toThrow(`"${name}"`);
    expect(make).not.toThrow(/pw@|key=1|two/);
  });

  it("takes keys from the environment's variable of its kind, and asks for one where it needs it", () => {
    const openai = { kind: "openai", model: "m" } as const;
    expect(() => endpoint({ ...openai, environment: {} })).toThrow(expect.objectContaining({ code: "missing-key" }));
    expect(() => endpoint({ ...openai, environment: {} })).toThrow(/OPENAI_API_KEY/);
    expect(endpoint({ ...openai, environment: { OPENAI_API_KEY: "k" } }).endpoint).toEqual({
      kind: "openai",
      model: "m",
      baseURL: "https://api.openai.com/v1",
      api: "chat",
    });
    expect(endpoint({ ...openai, environment: {}, headers: { Authorization: "Bearer x" } }).model).toBe("m");
  });

  it("says of its abilities what is declared, and what its protocol rules out whatever is declared", () => {
    expect(endpoint(vllm).capabilities).toEqual({});
    expect(endpoint({ ...vllm, capabilities: { tools: true, jsonMode: false } }).capabilities).toEqual({
      tools: true,
      jsonMode: false,
    });
    const text = endpoint({ ...vllm, api: "completions", capabilities: { tools: true } });
    expect(text.capabilities.tools).toBe(false);
    expect(() => text.bindTools!([])).toThrow(/calls no tools/);
  });

  it("is what LangChain takes for a chat model, and is traced by its name", async () => {
    const model = endpoint({ ...vllm, temperature: 0, maxTokens: 9 });
    expect(model._llmType()).toBe("vllm");
    expect(model.getLsParams({} as never)).toMatchObject({
      ls_provider: "vllm",
      ls_model_name: "m",
      ls_temperature: 0,
      ls_max_tokens: 9,
    });
  });

  it("waits for a server that is not there yet", async () => {
    // a port that was free a moment ago
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port: free } = probe.address() as { port: number };
        probe.close(() => resolve(free));
      });
    });
    const heard: string[] = [];
    const model = endpoint({
      kind: "llamacpp",
      baseURL: `http://127.0.0.1:${port}`,
      maxRetries: 0,
      coldStartMs: 20_000,
      onNote: ({ code }) => heard.push(code),
    });
    const asked = model.invoke("?");
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const server = await testModelServer({ protocol: "llamacpp", port });
    try {
      const answer = await asked;
      expect(answer.text).toBe("Yes.");
      expect(heard).toEqual(["x-cold-start"]);
    } finally {
      await server.close();
    }
  });

  it("a redirect is not followed: a key must not travel on", async () => {
    const model = endpoint({
      ...vllm,
      fetch: async () => new Response(null, { status: 307, headers: { location: "http://elsewhere/" } }),
    });
    await expect(model.invoke("?")).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("http://elsewhere/"),
    });
  });
});
