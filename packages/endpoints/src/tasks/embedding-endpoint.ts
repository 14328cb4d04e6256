import { ClewError, type Embedder, embedderFrom, fetchWithin } from "@clew/core";
import { fieldsOf } from "../sagemaker/body-style.js";
import { checkTask, type EmbeddingEndpointOptions, httpServer, type TaskServer } from "./task-options.js";
import { type TaskSender, taskSender } from "./task-sender.js";

const embedKeys = [
  "revision",
  "dimensions",
  "queryPrefix",
  "documentPrefix",
  "maxTokens",
  "countTokens",
  "batchSize",
  "concurrency",
  "requestsPerMinute",
  "tokensPerMinute",
  "usdPerMillionTokens",
  "retries",
  "maxWaitMs",
  "languages",
  "signal",
];

/**
 * A served embedder, tuned or not, as core's `Embedder`: vLLM, OpenAI and what speaks like it, text-embeddings-inference,
 * an endpoint of Hugging Face, SageMaker. Its fingerprint names kind, model and revision; `tei` tells model, revision and
 * longest input by itself. An index that was made by another model, or by other weights under the same name, refuses it.
 *
 * @throws ClewError `invalid-option`, `missing-key`; `embedder-failed`, `timed-out` or `service-refused` when it cannot
 *   be asked for its dimensions
 */
export async function embeddingEndpoint(options: EmbeddingEndpointOptions): Promise<Embedder> {
  checkTask("embeddingEndpoint", options, embedKeys);
  const { kind, model, revision, timeoutMs, coldStartMs, runtime, sleep } = options;
  const named = model ?? (kind === "sagemaker" ? options.endpoint : undefined);
  if (named === undefined && kind !== "tei" && kind !== "huggingface") {
    throw new ClewError("invalid-option", `Option "model" must be given for the kind "${kind}".`);
  }
  const service = `The embedder ${kind}:${named ?? "served"}`;
  const send = taskSender(options, { service, failed: "embedder-failed", timeoutMs, coldStartMs, runtime, sleep });
  const about = kind === "tei" ? await describeTei(options) : {};
  const whole = `${kind}:${named ?? about.model ?? "served"}`;
  const known = revision ?? about.revision;
  const wire = wireOf(options, model);
  const embed = (texts: readonly string[], own?: { signal?: AbortSignal | undefined }): Promise<number[][]> =>
    sent(wire, send, texts, own?.signal ?? new AbortController().signal, service);
  const { dimensions, queryPrefix, documentPrefix, countTokens, concurrency, requestsPerMinute } = options;
  const { tokensPerMinute, usdPerMillionTokens, retries, maxWaitMs, languages, signal } = options;
  const baseURL = options.kind === "sagemaker" ? (options.baseURL ?? "sagemaker") : httpServer(options).baseURL;
  const embeddings = {
    endpoint: { kind, baseURL },
    embedDocuments: (texts: string[], own?: { signal?: AbortSignal }) => embed(texts, own),
    embedQuery: async (text: string, own?: { signal?: AbortSignal }) => (await embed([text], own))[0]!,
  };
  return embedderFrom(embeddings, {
    id: known === undefined ? whole : `${whole}@${known}`,
    maxTokens: options.maxTokens ?? about.maxTokens,
    batchSize: options.batchSize ?? about.batchSize ?? 32,
    ...{ dimensions, queryPrefix, documentPrefix, countTokens, concurrency, requestsPerMinute, tokensPerMinute },
    ...{ usdPerMillionTokens, retries, maxWaitMs, languages, signal, runtime, sleep },
  });
}

interface Wire {
  readonly path: string;
  body(texts: readonly string[]): object;
  /** Undefined when the answer has another form. */
  read(answer: unknown): readonly unknown[] | undefined;
}

function wireOf(server: TaskServer, model: string | undefined): Wire {
  const style = server.kind === "sagemaker" ? (server.bodyStyle ?? "tei") : server.kind;
  if (style === "tei" || style === "huggingface") {
    return {
      path: style === "huggingface" ? "" : "/embed",
      body: (texts) => ({ inputs: [...texts], truncate: true, normalize: true }),
      read: (answer) => (Array.isArray(answer) ? answer : undefined),
    };
  }
  return {
    path: "/embeddings",
    body: (texts) => ({ ...(model === undefined ? {} : { model }), input: [...texts], encoding_format: "float" }),
    read: (answer) => {
      const { data } = fieldsOf(answer) ?? {};
      if (!Array.isArray(data)) return undefined;
      const found: unknown[] = [];
      for (const [position, one] of data.entries()) {
        const { index, embedding } = fieldsOf(one) ?? {};
        found[typeof index === "number" ? index : position] = embedding;
      }
      return Array.from(found);
    },
  };
}

async function sent(
  wire: Wire,
  send: TaskSender,
  texts: readonly string[],
  signal: AbortSignal,
  service: string,
): Promise<number[][]> {
  const vectors = wire.read(await send(wire.path, wire.body(texts), signal));
  if (vectors === undefined || vectors.length !== texts.length || !vectors.every(isVector)) {
    throw new ClewError(
      "embedder-failed",
      `${service} answered ${texts.length} texts with something that is not one vector each; check its kind and task.`,
    );
  }
  return [...vectors];
}

const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number");

interface AboutTei {
  readonly model?: string | undefined;
  readonly revision?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly batchSize?: number | undefined;
}

/** Reads `/info`. What it lacks stays unknown; a server without it is none of this kind. */
async function describeTei(options: EmbeddingEndpointOptions): Promise<AboutTei> {
  if (options.kind !== "tei") return {};
  const { baseURL, headers } = httpServer(options);
  const { fetch = globalThis.fetch, timeoutMs = 30_000, signal } = options;
  const stop = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  let about: unknown;
  try {
    const init = { headers, signal: stop };
    const answer = await fetchWithin(`${baseURL}/info`, { fetch, service: "The embedder tei", init });
    about = answer.ok ? await answer.json() : await answer.body?.cancel();
  } catch (cause) {
    signal?.throwIfAborted();
    if (ClewError.isInstance(cause)) throw cause;
    throw new ClewError("embedder-failed", "The embedder tei did not answer at /info; check its address and kind.", {
      cause: new Error(cause instanceof Error ? cause.name : "no answer"),
    });
  }
  const { model_id, model_sha, max_input_length, max_client_batch_size } = fieldsOf(about) ?? {};
  const whole = (value: unknown): number | undefined =>
    typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
  return {
    model: typeof model_id === "string" ? model_id : undefined,
    revision: typeof model_sha === "string" ? model_sha.slice(0, 12) : undefined,
    maxTokens: whole(max_input_length),
    batchSize: whole(max_client_batch_size),
  };
}
