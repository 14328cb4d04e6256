import { testEndpoint } from "@clew/core/testing";
import { describe } from "vitest";
import { endpoint } from "./endpoint.js";
import type { EndpointOptions } from "./endpoint-options.js";
import { asRecord } from "./kinds/read-json.js";
import { type TestProtocol, testModelServer } from "./testing/index.js";

const openAISent = (body: Record<string, unknown>) => ({
  stop: body.stop,
  maxTokens: body.max_completion_tokens ?? body.max_tokens,
});
const model = "test-model";
const rows: readonly {
  readonly name: string;
  readonly protocol: TestProtocol;
  readonly own: Partial<EndpointOptions> & Pick<EndpointOptions, "kind">;
  readonly sent?: (body: never) => { stop?: unknown; maxTokens?: unknown };
  readonly tools?: boolean;
}[] = [
  { name: "openai", protocol: "openai", own: { kind: "openai", model } },
  { name: "openai, completions", protocol: "openai", own: { kind: "openai", model, api: "completions" }, tools: false },
  { name: "azure", protocol: "azure", own: { kind: "azure", deployment: "my-deployment" } },
  { name: "vllm", protocol: "vllm", own: { kind: "vllm", model } },
  { name: "vllm, completions", protocol: "vllm", own: { kind: "vllm", model, api: "completions" }, tools: false },
  { name: "tgi", protocol: "tgi", own: { kind: "tgi" } },
  {
    name: "tgi, generate",
    protocol: "tgi-generate",
    own: { kind: "tgi", api: "generate" },
    sent: (body: Record<string, unknown>) => {
      const parameters = asRecord(body.parameters);
      return { stop: parameters?.stop, maxTokens: parameters?.max_new_tokens };
    },
    tools: false,
  },
  { name: "huggingface", protocol: "huggingface", own: { kind: "huggingface", model } },
  {
    name: "ollama",
    protocol: "ollama",
    own: { kind: "ollama", model },
    sent: (body: Record<string, unknown>) => {
      const settings = asRecord(body.options);
      return { stop: settings?.stop, maxTokens: settings?.num_predict };
    },
  },
  { name: "llamacpp", protocol: "llamacpp", own: { kind: "llamacpp" } },
  { name: "openai-compatible", protocol: "openai-compatible", own: { kind: "openai-compatible", model } },
];

describe.each(rows)("endpoint: $name", ({ protocol, own, sent = openAISent, tools = true }) => {
  testEndpoint({
    serve: () => testModelServer({ protocol }),
    make: (settings) => endpoint({ environment: {}, ...own, ...settings } as EndpointOptions),
    sent,
    tools,
  });
});
