import type { SpanAttributes } from "../run/spans.js";
import { addressesOf } from "./is-remote.js";

/** Names that the conventions have for providers, by the names that their classes have for themselves. */
const providers: Readonly<Record<string, string>> = {
  azure: "azure.ai.openai",
  azure_openai: "azure.ai.openai",
  bedrock: "aws.bedrock",
  sagemaker: "aws.sagemaker",
  mistralai: "mistral_ai",
  googlegenerativeai: "gcp.gemini",
  vertexai: "gcp.vertex_ai",
  xai: "x_ai",
};

/** Who serves a model and where, for spans: the provider's name, and the server's where the class says it. */
export function providerOf(model: unknown): SpanAttributes {
  const { endpoint, _llmType } = (typeof model === "object" && model !== null ? model : {}) as {
    endpoint?: { kind?: unknown };
    _llmType?: unknown;
  };
  const kind =
    typeof endpoint?.kind === "string"
      ? endpoint.kind
      : typeof _llmType === "function"
        ? String(_llmType.call(model))
        : "_OTHER";
  return { "gen_ai.provider.name": providers[kind] ?? kind, ...serverOf(addressesOf(model)[0]) };
}

/** Host and port of an address, for spans. */
export function serverOf(address: string | undefined): SpanAttributes {
  if (address === undefined || !URL.canParse(address)) return {};
  const { hostname, port, protocol } = new URL(address);
  if (hostname === "") return {};
  return { "server.address": hostname, "server.port": Number(port) || (protocol === "https:" ? 443 : 80) };
}
