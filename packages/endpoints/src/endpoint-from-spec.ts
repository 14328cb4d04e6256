import { invalidOption } from "@clew/core";
import { endpoint } from "./endpoint.js";
import { endpointKinds } from "./endpoint-info.js";
import type { EndpointModel } from "./endpoint-model.js";
import type { CommonOptions, EndpointOptions } from "./endpoint-options.js";

const kinds: ReadonlySet<string> = new Set(endpointKinds);

/** Whether a text is written as {@link endpointFromSpec} takes it: a kind, and an address behind it. */
export const isEndpointSpec = (spec: string): boolean => {
  const kind = spec.slice(0, spec.indexOf(":"));
  return kinds.has(kind) && /^https?:\/\//i.test(spec.slice(kind.length + 1));
};

/**
 * The endpoint that one line means: `kind:url#model`, such as `vllm:http://gpu:8000/v1#my-lora`; `kind:model` for kinds
 * with an address of their own (openai, huggingface, ollama); without `#model` for servers of one model (tgi, llamacpp).
 * For azure the model is the deployment. Keys come from the environment.
 *
 * @throws ClewError `invalid-option`, `missing-key`
 */
export function endpointFromSpec(spec: string, options: CommonOptions = {}): EndpointModel {
  const [, kind, rest] = /^([a-z-]+):(.+)$/s.exec(spec) ?? [];
  if (kind === undefined || rest === undefined || !kinds.has(kind)) {
    throw invalidOption("endpoint", `KIND:URL#MODEL, the kind one of ${endpointKinds.join(", ")}`, kind);
  }
  const isAddress = /^https?:\/\//i.test(rest);
  const hash = isAddress ? rest.indexOf("#") : -1;
  const baseURL = !isAddress ? undefined : hash < 0 ? rest : rest.slice(0, hash);
  // names of models hold slashes and colons, and are written as they are
  const model = isAddress ? (hash < 0 ? undefined : rest.slice(hash + 1)) : rest;
  const named = model === undefined || model === "" ? {} : kind === "azure" ? { deployment: model } : { model };
  return endpoint({ ...options, kind, ...(baseURL === undefined ? {} : { baseURL }), ...named } as EndpointOptions);
}
