import {
  addUsage,
  type Call,
  type Charge,
  ClewError,
  checkKeys,
  embeddingText,
  type Hit,
  invalidOption,
  type Note,
  nonNegative,
  note,
  noUsage,
  positiveInteger,
  priceOf,
  priceUnknown,
  type Reranked,
  type Reranker,
  type RerankOptions,
  type Runtime,
  sleep as realSleep,
  startDeadline,
  systemRuntime,
  type Usage,
  usdOf,
} from "@clew/core";
import { postJson } from "./post-json.js";
import type { RerankProtocol, RerankResponse } from "./rerank-protocol.js";
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
  /** US dollars a request, for the meter. @default the price in the run's table, else 0, with a note under a limit of usd */
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
    maxCharacters = 8000,
    timeoutMs = 30_000,
    maxRetries = 2,
    usdPerRequest,
    fetch = globalThis.fetch,
    runtime,
    sleep = realSleep,
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
  const size = positiveInteger("batchSize", batchSize ?? protocol.batchSize);
  positiveInteger("maxCharacters", maxCharacters);
  positiveInteger("timeoutMs", timeoutMs);
  nonNegative("maxRetries", maxRetries);
  if (usdPerRequest !== undefined) nonNegative("usdPerRequest", usdPerRequest);
  const served = model ?? protocol.model;
  const priced = served ?? name;
  const usdFor = (spent: Charge, call: Call | undefined): number =>
    usdPerRequest === undefined ? usdOf(priceOf(call?.prices, priced), spent) : usdPerRequest * (spent.calls ?? 0);
  const url = `${base.replace(/\/+$/, "")}${protocol.path}`;
  const sent = { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };

  return {
    id: `${name}:${served ?? "served"}`,
    scale: "probability",
    rerank: async (query, hits, { signal, deadlineMs, call }: RerankOptions = {}): Promise<Reranked> => {
      if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
      const scores: (number | undefined)[] = hits.map(() => undefined);
      const notes: Note[] = [];
      let usage: Usage = noUsage;
      if (call?.meter.budget.usd !== undefined && usdPerRequest === undefined && !priceOf(call.prices, priced)) {
        notes.push(priceUnknown(priced));
      }
      const clock = runtime ?? call?.runtime ?? systemRuntime;
      const deadline = startDeadline({ ms: deadlineMs, signal: signal ?? call?.signal, runtime: clock });
      const { texts, cut } = documentsOf(hits, maxCharacters);
      if (cut > 0)
        notes.push(note("cut", `${cut} passages were cut to ${maxCharacters} characters for reranking.`, { cut }));
      try {
        for (let start = 0; start < hits.length; start += size) {
          const documents = texts.slice(start, start + size);
          const retries = Math.min(maxRetries, Math.max(0, (call?.meter.remaining("calls") ?? maxRetries + 1) - 1));
          const worst = { inputTokens: bytesOf(query, documents), calls: 1 + retries };
          const reserved = call?.meter.reserve({ ...worst, usd: usdFor(worst, call) });
          if (reserved !== undefined && "refused" in reserved) {
            const limits = [...reserved.refused];
            const message = `The reranker ${name} scored ${start} of ${hits.length} hits: the limit of ${limits.join(", ")} was reached.`;
            notes.push(note("budget-reached", message, { limits }));
            break;
          }
          let spent: Usage = noUsage;
          try {
            const answered = await postJson({
              url,
              headers: sent,
              body: protocol.body({ model: served, query, documents }),
              service: `The reranker ${name}`,
              deadline,
              timeoutMs,
              maxRetries: retries,
              secret: key,
              fetch: (...request) => {
                spent = addUsage(spent, { ...noUsage, calls: 1 });
                return fetch(...request);
              },
              runtime: clock,
              sleep,
            });
            notes.push(...answered.notes);
            if (answered.late !== undefined) {
              const message = `The reranker ${name} had ${deadlineMs} ms; ${start} of ${hits.length} hits were scored. ${answered.late}`;
              notes.push(note("deadline-passed", message.trimEnd(), { scored: start, of: hits.length }));
              break;
            }
            const response = protocol.parse(answered.body);
            const told = { ...noUsage, ...response?.spent, calls: 0 };
            spent = addUsage(spent, { ...told, usd: usdFor({ ...told, calls: 1 }, call) });
            for (const [index, score] of believed(response, documents.length, name)) scores[start + index] = score;
          } finally {
            usage = addUsage(usage, spent);
            reserved?.settle(spent);
          }
        }
      } finally {
        deadline.clear();
      }
      return { scores, notes, usage };
    },
  };
}

const fromEnvironment = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : globalThis.process?.env[name] || undefined;

const utf8 = new TextEncoder();

/** An upper bound of the tokens that a service may count: the query with each document. */
const bytesOf = (query: string, documents: readonly string[]): number =>
  documents.reduce((sum, text) => sum + utf8.encode(query).length + utf8.encode(text).length, 0);

function documentsOf(hits: readonly Hit[], maxCharacters: number): { texts: string[]; cut: number } {
  const whole = hits.map(({ passage }) => embeddingText(passage).toWellFormed());
  return {
    texts: whole.map((text) => text.slice(0, maxCharacters).toWellFormed()),
    cut: whole.filter((text) => text.length > maxCharacters).length,
  };
}

/** The scores by position, when the service scored each document exactly once. */
function believed(response: RerankResponse | undefined, documents: number, name: string): Map<number, number> {
  const fail = (what: string): never => {
    throw new ClewError("reranker-failed", `The reranker ${name} answered ${what}.`);
  };
  if (response === undefined) return fail("in a form that is not its protocol's");
  const scores = new Map<number, number>();
  for (const { index, score } of response.results) {
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= documents) {
      return fail(`with the index ${String(index)} for ${documents} documents`);
    }
    if (scores.has(index)) return fail(`with the index ${index} twice`);
    if (typeof score !== "number" || !Number.isFinite(score))
      return fail(`with a score that is no number for ${index}`);
    scores.set(index, score);
  }
  return scores.size === documents ? scores : fail(`with ${scores.size} scores for ${documents} documents`);
}
