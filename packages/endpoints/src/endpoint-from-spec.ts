import { invalidOption } from "@clew/core";
import { endpoint } from "./endpoint.js";
import { endpointKinds } from "./endpoint-info.js";
import type { EndpointModel } from "./endpoint-model.js";
import type { CommonOptions, EndpointOptions } from "./endpoint-options.js";

const kinds: ReadonlySet<string> = new Set(endpointKinds);

/** Whether a text is written as {@link endpointFromSpec} takes it: a kind and an address, or `sagemaker:` and a name. */
export const isEndpointSpec = (spec: string): boolean => {
  const kind = spec.slice(0, spec.indexOf(":"));
  if (kind === "sagemaker") return spec.length > kind.length + 1;
  return kinds.has(kind) && /^https?:\/\//i.test(spec.slice(kind.length + 1));
};

/**
 * The endpoint that one line means: `kind:url#model`, such as `vllm:http://gpu:8000/v1#my-lora`; `kind:model` for kinds
 * with an address of their own (openai, huggingface, ollama); without `#model` for servers of one model (tgi, llamacpp).
 * For azure the model is the deployment. `sagemaker:NAME` is an endpoint by its name, `sagemaker:NAME#my-lora` an adapter on
 * it. Keys come from the environment.
 *
 * @throws ClewError `invalid-option`, `missing-key`
 */
export function endpointFromSpec(spec: string, options: CommonOptions = {}): EndpointModel {
  const [, kind, rest] = /^([a-z-]+):(.+)$/s.exec(spec) ?? [];
  if (kind === undefined || rest === undefined || !kinds.has(kind)) {
    throw invalidOption("endpoint", `KIND:URL#MODEL, the kind one of ${endpointKinds.join(", ")}`, kind);
  }
  if (kind === "sagemaker") return sagemakerFromSpec(rest, options);
  const isAddress = /^https?:\/\//i.test(rest);
  const hash = isAddress ? rest.indexOf("#") : -1;
  const baseURL = !isAddress ? undefined : hash < 0 ? rest : rest.slice(0, hash);
  // names of models hold slashes and colons, and are written as they are
  const model = isAddress ? (hash < 0 ? undefined : rest.slice(hash + 1)) : rest;
  const named = model === undefined || model === "" ? {} : kind === "azure" ? { deployment: model } : { model };
  return endpoint({ ...options, kind, ...(baseURL === undefined ? {} : { baseURL }), ...named } as EndpointOptions);
}

/** What `sagemaker` has no use for. */
const notForSagemaker = ["apiKey", "seed", "fetch", "onNote"] as const;

function sagemakerFromSpec(rest: string, { environment = process.env, ...options }: CommonOptions): EndpointModel {
  for (const name of notForSagemaker) {
    if (options[name] !== undefined) throw invalidOption(name, "left out for sagemaker, which has no such option");
  }
  const { apiKey: _, seed: __, fetch: ___, onNote: ____, ...taken } = options;
  const hash = rest.indexOf("#");
  const [name, adapter] = hash < 0 ? [rest, ""] : [rest.slice(0, hash), rest.slice(hash + 1)];
  if (!/^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,62}$/.test(name)) {
    throw invalidOption("endpoint", "sagemaker:NAME or sagemaker:NAME#ADAPTER, with the name of an endpoint");
  }
  const read = (...names: string[]): string | undefined =>
    names.map((one) => environment[one]).find((value) => value !== undefined && value !== "");
  const region = read("AWS_REGION", "AWS_DEFAULT_REGION");
  const baseURL = read("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "AWS_ENDPOINT_URL");
  const [accessKeyId, secretAccessKey] = [read("AWS_ACCESS_KEY_ID"), read("AWS_SECRET_ACCESS_KEY")];
  const sessionToken = read("AWS_SESSION_TOKEN");
  return endpoint({
    ...taken,
    kind: "sagemaker",
    endpoint: name,
    ...(adapter === "" ? {} : { adapter }),
    ...(region === undefined ? {} : { region }),
    ...(baseURL === undefined ? {} : { baseURL }),
    // without a pair of keys the SDK's chain looks on: profiles, containers, instances
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } }),
  });
}
