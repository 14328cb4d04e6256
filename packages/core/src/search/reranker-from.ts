import { nonNegative, positiveInteger } from "../errors/check-number.js";
import { ClewError } from "../errors/clew-error.js";
import { isRemoteAddress } from "../model/is-remote.js";
import { priceOf, priceUnknown, usdOf } from "../model/prices.js";
import type { Call } from "../run/call.js";
import { startDeadline } from "../run/deadline.js";
import type { Charge } from "../run/meter.js";
import { type Note, note } from "../run/note.js";
import { isRefused, namesOf, outboundRefused, recordSent } from "../run/outbound.js";
import { type Runtime, systemRuntime } from "../run/runtime.js";
import { addUsage, noUsage, type Usage } from "../run/usage.js";
import { askService } from "./ask-service.js";
import { embeddingText } from "./embedding-text.js";
import type { Hit } from "./hit.js";
import type { Reranked, Reranker, RerankOptions, ScoreScale } from "./reranker.js";
import { sleep as realSleep } from "./sleep.js";

/** One request to a service that scores documents. */
export interface ScoreRequest {
  readonly query: string;
  readonly documents: readonly string[];
  readonly signal: AbortSignal;
  readonly runtime: Runtime;
}

/** What such a service answered, read but not yet believed. */
export interface ScoreResponse {
  readonly results: readonly { readonly index: unknown; readonly score: unknown }[];
  /** Tokens that it counted. @default none */
  readonly spent?: Charge | undefined;
}

/** Options of {@link rerankerFrom}. */
export interface RerankerFromOptions {
  /** Short name for explanations, such as `tei:bge-reranker`. */
  id: string;
  /** Name of the service, for messages, such as `The reranker tei`. */
  service: string;
  /** One attempt; undefined when the answer has a form that is not the service's. */
  score: (request: ScoreRequest) => Promise<ScoreResponse | undefined>;
  /** Where the service is; an address on this machine sends nothing away. @default another machine */
  address?: string | undefined;
  /** What the scores mean. @default "order" */
  scale?: ScoreScale | undefined;
  /** Documents in a request at most. @default 32 */
  batchSize?: number | undefined;
  /** UTF-16 code units of a passage that are sent; longer ones are cut, with a note. @default 8000 */
  maxCharacters?: number | undefined;
  /** Attempts after the first, for 408, 409, 425, 429, 5xx and connections that broke; 0 for none. @default 2 */
  maxRetries?: number | undefined;
  /** Model under which the run's `prices` are looked up. @default the id */
  model?: string | undefined;
  /** US dollars a request, for the meter. @default by the tokens that the service counts and the run's `prices` of the model */
  usdPerRequest?: number | undefined;
  /** Clock of deadlines, chance of the waits. @default the run's, else the system's */
  runtime?: Runtime | undefined;
  /** Waits before repetitions. @default a timer that the signal stops */
  sleep?: typeof realSleep | undefined;
}

/**
 * Makes a {@link Reranker} of whatever scores documents far away. Hits go out best known first, in batches; at the
 * deadline the open request is aborted and what was scored is returned, and at once when the service asks to wait for
 * longer than the deadline. A wait of more than 60 s without a deadline is a refusal.
 *
 * @throws ClewError `invalid-option`; its calls `reranker-failed`, or what `score` throws
 */
export function rerankerFrom(options: RerankerFromOptions): Reranker {
  const { id, service, score, scale = "order", maxCharacters = 8000, maxRetries = 2, usdPerRequest } = options;
  const { runtime, sleep = realSleep, model = id } = options;
  const size = positiveInteger("batchSize", options.batchSize ?? 32);
  positiveInteger("maxCharacters", maxCharacters);
  nonNegative("maxRetries", maxRetries);
  if (usdPerRequest !== undefined) nonNegative("usdPerRequest", usdPerRequest);
  const usdFor = (spent: Charge, call: Call | undefined): number =>
    usdPerRequest === undefined ? usdOf(priceOf(call?.prices, model), spent) : usdPerRequest * (spent.calls ?? 0);

  return {
    id,
    scale,
    rerank: async (query, hits, { signal, deadlineMs, call }: RerankOptions = {}): Promise<Reranked> => {
      if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
      const scores: (number | undefined)[] = hits.map(() => undefined);
      const notes: Note[] = [];
      let usage: Usage = noUsage;
      if (call?.meter.budget.usd !== undefined && usdPerRequest === undefined && !priceOf(call.prices, model)) {
        notes.push(priceUnknown(model));
      }
      const remote = options.address === undefined || isRemoteAddress(options.address, call?.outbound?.localHosts);
      if (isRefused(call?.outbound, "reranker", remote)) throw outboundRefused("reranker", service);
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
            const message = `${service} scored ${start} of ${hits.length} hits: the limit of ${limits.join(", ")} was reached.`;
            notes.push(note("budget-reached", message, { limits }));
            break;
          }
          let spent: Usage = noUsage;
          try {
            const answered = await askService({
              send: () => {
                spent = addUsage(spent, { ...noUsage, calls: 1 });
                return score({ query, documents, signal: deadline.signal, runtime: clock });
              },
              ...{ service, deadline, maxRetries: retries, sleep, runtime: clock },
            });
            notes.push(...answered.notes);
            if (answered.late !== undefined) {
              const message = `${service} had ${deadlineMs} ms; ${start} of ${hits.length} hits were scored. ${answered.late}`;
              notes.push(note("deadline-passed", message.trimEnd(), { scored: start, of: hits.length }));
              break;
            }
            const response = answered.value;
            const told = { ...noUsage, ...response?.spent, calls: 0 };
            spent = addUsage(spent, { ...told, usd: usdFor({ ...told, calls: 1 }, call) });
            for (const [index, found] of believed(response, documents.length, service)) scores[start + index] = found;
          } finally {
            usage = addUsage(usage, spent);
            reserved?.settle(spent);
            const characters = documents.reduce((sum, text) => sum + text.length, query.length) * spent.calls;
            const passages = namesOf(hits.slice(start, start + size).map(({ passage }) => passage));
            if (remote && spent.calls > 0) {
              await recordSent(call, [
                { role: "reranker", served: id, requests: spent.calls, characters, ...passages },
              ]);
            }
          }
        }
      } finally {
        deadline.clear();
      }
      return { scores, notes, usage };
    },
  };
}

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
function believed(response: ScoreResponse | undefined, documents: number, service: string): Map<number, number> {
  const fail = (what: string): never => {
    throw new ClewError("reranker-failed", `${service} answered ${what}.`);
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
