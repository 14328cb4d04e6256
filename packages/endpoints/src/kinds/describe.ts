import type { ServerDescription } from "../endpoint-info.js";
import { asList, asNumber, asRecord, asText } from "./read-json.js";

/** Asks a server about itself, by GET or POST; each path that fails is told, not thrown. */
export type Describe = (
  ask: (path: string, body?: object) => Promise<unknown>,
  about: { readonly model: string },
) => Promise<Omit<ServerDescription, "asked">>;

/** A server that tells nothing. */
export const emptyDescription: ServerDescription = { models: [], adapters: [], asked: [] };

const mostNames = 200;

/** Names, adapters and context from a list of models in OpenAI's form, with what vLLM, LiteLLM and the router add to it. */
export const describeByModels =
  (path: string): Describe =>
  async (ask, { model }) => {
    const list = asList(asRecord(await ask(path))?.data) ?? [];
    const entries = list.map((entry) => asRecord(entry) ?? {});
    const named = entries.filter(({ id }) => asText(id) !== undefined);
    const mine = named.find(({ id }) => id === model);
    const adapters = named.flatMap(({ id, parent }) =>
      asText(parent) === undefined ? [] : [{ name: asText(id)!, base: asText(parent) }],
    );
    // an adapter has the context of the model that it stands on
    const parent = named.find(({ id }) => id === mine?.parent);
    const context = [mine, parent].flatMap((entry) => [
      entry?.max_model_len,
      entry?.context_length,
      entry?.context_window,
    ]);
    return {
      models: named.slice(0, mostNames).map(({ id }) => asText(id)!),
      adapters,
      contextTokens: context.map(asNumber).find((value) => value !== undefined),
    };
  };

/** vLLM: its list of models, and its version. */
export const describeVllm =
  (prefix: string): Describe =>
  async (ask, about) => {
    const listed = await describeByModels(`${prefix}/models`)(ask, about);
    const version = asText(asRecord(await ask("/version"))?.version);
    return { ...listed, server: version === undefined ? undefined : `vLLM ${version}` };
  };

/** TGI: its page of information. */
export const describeTgi: Describe = async (ask) => {
  const info = asRecord(await ask("/info")) ?? {};
  const version = asText(info.version);
  const model = asText(info.model_id);
  return {
    server: version === undefined ? undefined : `TGI ${version}`,
    models: model === undefined ? [] : [model],
    adapters: [],
    contextTokens: asNumber(info.max_total_tokens),
    revision: asText(info.model_sha) ?? undefined,
  };
};

/** llama.cpp: its properties, and its adapters. */
export const describeLlamaCpp =
  (prefix: string): Describe =>
  async (ask, about) => {
    const listed = await describeByModels(`${prefix}/models`)(ask, about);
    const props = asRecord(await ask("/props")) ?? {};
    const loras = asList(await ask("/lora-adapters")) ?? [];
    const build = asText(props.build_info);
    const adapters = loras.flatMap((lora) => {
      const path = asText(asRecord(lora)?.path);
      return path === undefined ? [] : [{ name: path.split(/[\\/]/).at(-1)! }];
    });
    return {
      ...listed,
      server: build === undefined ? undefined : `llama.cpp ${build}`,
      adapters,
      contextTokens: asNumber(asRecord(props.default_generation_settings)?.n_ctx) ?? listed.contextTokens,
    };
  };

/** Ollama: what it shows of the model, and the digest of its weights. */
export const describeOllama: Describe = async (ask, { model }) => {
  const shown = asRecord(await ask("/api/show", { model })) ?? {};
  const tags = asList(asRecord(await ask("/api/tags"))?.models) ?? [];
  const names = tags.map((tag) => asRecord(tag) ?? {});
  const mine = names.find(({ name }) => name === model || name === `${model}:latest`);
  const info = Object.entries(asRecord(shown.model_info) ?? {});
  const can = asList(shown.capabilities);
  return {
    models: names.flatMap(({ name }) => asText(name) ?? []).slice(0, mostNames),
    adapters: [],
    contextTokens: info.filter(([key]) => key.endsWith(".context_length")).map(([, value]) => asNumber(value))[0],
    revision: asText(mine?.digest)?.slice(0, 12),
    ...(can === undefined ? {} : { says: { tools: can.includes("tools") } }),
  };
};
