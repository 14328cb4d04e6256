import type { Dialect } from "./dialect.js";
import { ollamaDialect } from "./ollama-dialect.js";
import { openAIDialect } from "./openai-dialect.js";
import { sagemakerDialect } from "./sagemaker-dialect.js";
import { tgiDialect } from "./tgi-dialect.js";

/** Protocols that a test server speaks. */
export type TestProtocol =
  | "openai"
  | "azure"
  | "vllm"
  | "tgi"
  | "tgi-generate"
  | "huggingface"
  | "ollama"
  | "llamacpp"
  | "openai-compatible"
  | "sagemaker";

/** What the server tells of its one model. */
export interface ServedModelFacts {
  /** @default "test-model" */
  readonly model?: string | undefined;
  /** Adapters that stand on it. @default none */
  readonly adapters?: readonly string[] | undefined;
  /** In tokens. @default 8192 */
  readonly contextTokens?: number | undefined;
  /** What Ollama says that it can do. @default ["completion"] */
  readonly says?: readonly string[] | undefined;
}

/** The dialect of a protocol, and the path of its base URL. */
export function protocolOf(
  protocol: TestProtocol,
  { model = "test-model", adapters = [], contextTokens = 8192, says = ["completion"] }: ServedModelFacts = {},
): { readonly dialect: Dialect; readonly path: string } {
  const plain = { object: "list", data: [{ id: model, object: "model", owned_by: "test" }] };
  switch (protocol) {
    case "openai":
    case "openai-compatible":
      return { path: "/v1", dialect: openAIDialect({ pages: { "/v1/models": plain } }) };
    case "huggingface": {
      const data = [{ id: model, object: "model", context_length: contextTokens }];
      return { path: "/v1", dialect: openAIDialect({ pages: { "/v1/models": { object: "list", data } } }) };
    }
    case "azure":
      return { path: "", dialect: openAIDialect({ chat: /^\/openai\/deployments\/[^/]+\/chat\/completions$/ }) };
    case "sagemaker":
      return { path: "", dialect: sagemakerDialect() };
    case "vllm": {
      const data = [
        { id: model, object: "model", root: model, parent: null, max_model_len: contextTokens },
        ...adapters.map((id) => ({ id, object: "model", root: `/loras/${id}`, parent: model })),
      ];
      const pages = { "/v1/models": { object: "list", data }, "/version": { version: "0.11.0" } };
      return { path: "/v1", dialect: openAIDialect({ pages, guided: true }) };
    }
    case "llamacpp": {
      const loras = adapters.map((name, id) => ({ id, path: `/models/${name}`, scale: 1 }));
      const pages = {
        "/v1/models": plain,
        "/props": { default_generation_settings: { n_ctx: contextTokens }, build_info: "b6500", chat_template: "" },
        "/lora-adapters": loras,
      };
      return { path: "/v1", dialect: openAIDialect({ pages }) };
    }
    case "tgi":
    case "tgi-generate": {
      const info = { model_id: model, model_sha: "0a1b2c3d", max_total_tokens: contextTokens, version: "3.3.4" };
      const pages = { "/info": info };
      return { path: "", dialect: protocol === "tgi" ? openAIDialect({ pages, tgi: true }) : tgiDialect({ pages }) };
    }
    case "ollama": {
      const pages = {
        "/api/show": { capabilities: says, model_info: { "llama.context_length": contextTokens } },
        "/api/tags": { models: [{ name: model, digest: "f1e2d3c4b5a697887766" }] },
      };
      return { path: "", dialect: ollamaDialect({ pages }) };
    }
  }
}
