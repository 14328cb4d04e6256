import {
  ClewError,
  checkKeys,
  invalidOption,
  positiveInteger,
  postJson,
  type Reranker,
  type Runtime,
  type sleep as realSleep,
  rerankerFrom,
} from "@clew/core";
import type { RerankProtocol } from "./rerank-protocol.js";
import { type RerankProtocolName, rerankProtocols } from "./rerank-protocols.js";

/** Options of {@link httpReranker}. */
export interface HttpRerankerOptions {
  protocol: RerankProtocolName;
  /** Model of the service. @default the protocol's; none for `tei`, which serves one */
  model?: string | undefined;
  /** Address of the service. @default the provider's own; required for `tei` */
  baseURL?: string | undefined;
  /** @default the environment variable COHERE_API_KEY, JINA_API_KEY or VOYAGE_API_KEY */
  apiKey?: string | undefined;
  /** Further headers, such as those of a gateway. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Documents in a request at most. @default 100; 32 for `tei` */
  batchSize?: number | undefined;
  /** UTF-16 code units of a passage that are sent; longer ones are cut, with a note. @default 8000 */
  maxCharacters?: number | undefined;
  /** Milliseconds for one attempt. @default 30000 */
  timeoutMs?: number | undefined;
  /** Attempts after the first, for 408, 409, 425, 429, 5xx and connections that broke; 0 for none. @default 2 */
  maxRetries?: number | undefined;
  /** US dollars a request, for the meter. @default by the tokens that the service counts and the run's `prices` of the model */
  usdPerRequest?: number | undefined;
  /** @default the global fetch */
  fetch?: typeof fetch | undefined;
  /** Clock of deadlines, chance of the waits. @default the run's, else the system's */
  runtime?: Runtime | undefined;
  /** Waits before repetitions. @default a timer that the signal stops */
  sleep?: typeof realSleep | undefined;
}

/**
 * A reranker behind HTTP, in the protocol of Cohere, Jina, Voyage or text-embeddings-inference. Hits go out best known
 * first, in batches; at the deadline the open request is aborted and what was scored is returned, and at once when the
 * service asks to wait for longer than the deadline. A wait of more than 60 s without a deadline is a refusal.
 *
 * @throws ClewError `invalid-option`, `missing-key`; its calls `reranker-failed`, `service-refused`, `timed-out`
 */
export function httpReranker(options: HttpRerankerOptions): Reranker {
  checkKeys("httpReranker", options, [
    "protocol",
    "model",
    "baseURL",
    "apiKey",
    "headers",
    "batchSize",
    "maxCharacters",
    "timeoutMs",
    "maxRetries",
    "usdPerRequest",
    "fetch",
    "runtime",
    "sleep",
  ] satisfies (keyof HttpRerankerOptions)[]);
  const {
    protocol: name,
    model,
    baseURL,
    apiKey,
    headers = {},
    batchSize,
    maxCharacters,
    timeoutMs = 30_000,
    maxRetries,
    usdPerRequest,
    fetch = globalThis.fetch,
    runtime,
    sleep,
  } = options;
  if (!Object.hasOwn(rerankProtocols, name)) {
    throw invalidOption("protocol", `one of ${Object.keys(rerankProtocols).join(", ")}`, name);
  }
  const protocol: RerankProtocol = rerankProtocols[name];
  const base = baseURL ?? protocol.baseURL;
  if (base === undefined) throw invalidOption("baseURL", `given for the protocol "${name}"`);
  const key = apiKey ?? fromEnvironment(protocol.keyVariable);
  if (key === undefined && protocol.keyVariable !== undefined && baseURL === undefined) {
    throw new ClewError(
      "missing-key",
      `httpReranker for ${name} needs { apiKey } or the variable ${protocol.keyVariable}.`,
    );
  }
  positiveInteger("timeoutMs", timeoutMs);
  const served = model ?? protocol.model;
  const url = `${base.replace(/\/+$/, "")}${protocol.path}`;
  const sent = { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  const service = `The reranker ${name}`;

  return rerankerFrom({
    id: `${name}:${served ?? "served"}`,
    service,
    address: url,
    scale: "probability",
    model: served ?? name,
    ...{ batchSize: batchSize ?? protocol.batchSize, maxCharacters, maxRetries, usdPerRequest, runtime, sleep },
    score: async ({ query, documents, signal, runtime: clock }) =>
      protocol.parse(
        await postJson({
          url,
          headers: sent,
          body: protocol.body({ model: served, query, documents }),
          service,
          failed: "reranker-failed",
          signal,
          timeoutMs,
          secrets: key === undefined ? [] : [key],
          fetch,
          runtime: clock,
        }),
      ),
  });
}

const fromEnvironment = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : globalThis.process?.env[name] || undefined;
