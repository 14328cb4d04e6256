import {
  addUsage,
  type CheckedSearchOptions,
  ClewError,
  checkKeys,
  defineRetriever,
  invalidOption,
  isRefused,
  type JsonObject,
  type Note,
  namesOf,
  nonNegative,
  note,
  noUsage,
  outboundRefused,
  positiveInteger,
  type Retriever,
  type Runtime,
  recordSent,
  type SearchResult,
  type Splitter,
  systemRuntime,
  type Usage,
} from "@clew/core";
import { type Analyzer, contentHash, splitter as defaultSplitter, analyzer as englishAnalyzer } from "@clew/core/text";
import { cutResults } from "./cut-results.js";
import { DeadlinePassed, fetchLive } from "./fetch-live.js";
import { type FrozenSource, type FrozenStore, frozenStore } from "./frozen-store.js";
import { liveFailure } from "./live-failure.js";
import type { LiveFunction, LiveTool } from "./live-function.js";
import { liveHits } from "./live-hits.js";
import { type ReadLiveResult, readResults } from "./read-results.js";
import { selectResults } from "./select-results.js";
import { isLiveTool, type ToolInput, toolFunction } from "./tool-function.js";

/** Options of {@link live}. */
export interface LiveOptions {
  /** Where results come from: `web`, `orders`. Part of every id, and of what a run's journal knows a fetch by: no two live retrievers of one run share it. */
  name: string;
  /** The function applies the filter of a search itself. @default false: it is applied to what came, and a note counts what it dropped */
  handlesFilter?: boolean | undefined;
  /** Makes the input of a tool. @default the query, in the field of that or a like name */
  input?: ToolInput | undefined;
  /** Takes the results out of what came, such as `(body) => body.results`. @default all of it */
  pick?: ((output: unknown) => unknown) | undefined;
  /** Cuts long results. @default the splitter of `@clew/core/text`: 200 tokens, overlap 30 */
  splitter?: Splitter | undefined;
  /** Passages of one result at most: those that match the query best, by BM25 within the result. @default 3 */
  perResult?: number | undefined;
  /** Finds the words of query and results. @default English, of `@clew/core/text` */
  analyzer?: Analyzer | undefined;
  /** Results read; further ones are left out, with a note. @default 50 */
  maxResults?: number | undefined;
  /** UTF-16 code units read of one result; the rest is cut off, with a note. @default 100000 */
  maxCharacters?: number | undefined;
  /** Milliseconds for one attempt. @default 30000 */
  timeoutMs?: number | undefined;
  /** Attempts after the first, where the failure may pass: 408, 409, 425, 429, 5xx, no answer. @default 0 */
  retries?: number | undefined;
  /** Longest wait before a repetition, in milliseconds; a service that asks for more has failed. @default 10000 */
  maxWaitMs?: number | undefined;
  /** Leave results out that make no sense, with a note. @default false: the search fails and says which */
  degrade?: boolean | undefined;
  /** US dollars an attempt, for the meter. @default 0 */
  usdPerFetch?: number | undefined;
  /** Whether the query goes to another machine: then the run's `outbound` has a say, as of the role `search`. @default false */
  remote?: boolean | undefined;
  /** Texts that no message may hold, such as a key. What looks like a key is taken out without it. @default none */
  secrets?: readonly string[] | undefined;
  /** Keeps what was fetched. @default frozenStore() */
  store?: FrozenStore | undefined;
  /** Tells the time of a fetch. @default that of the run that asks, else `systemRuntime` */
  runtime?: Runtime | undefined;
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
}

/** A retriever over live data. */
export interface LiveRetriever extends Retriever {
  /** The sources behind its hits, by the `source` of a passage or citation. */
  readonly frozen: FrozenStore;
}

/** What a fetch gave, as a journal keeps it: a run that is replayed reads it here instead of fetching again. */
interface FetchRecord extends JsonObject {
  readonly fetchedAt: number;
  readonly attempts: number;
  readonly results: readonly ReadLiveResult[];
  readonly notes: readonly JsonObject[];
}

/**
 * Makes a retriever of any asynchronous function or LangChain tool: an SQL query, an HTTP call, a web search. What comes
 * is frozen as sources (a hash of the content, the time of the fetch) before anything else is done with it, so that
 * quotes from live data verify, and cut into passages with exact spans whose ids are equal for equal content. Inside a
 * run the journal keeps the fetch: the same query is not fetched twice, and a replayed run reads what it read before.
 *
 * The order is that of the results' own scores, else the one in which they came; `explain` says which.
 *
 * @throws ClewError `invalid-option`; on search `retriever-failed` (it failed, or what it gave cannot be used: the message
 *   names the result), `service-refused` for 401 and 403, `timed-out`. A search's `deadlineMs` that passes gives no hits
 *   and a note. Messages and causes hold no keys
 */
export function live(fetch: LiveFunction | LiveTool, options: LiveOptions): LiveRetriever {
  checkKeys("live", options, known);
  const {
    name,
    handlesFilter = false,
    input,
    pick = (output: unknown) => output,
    splitter = defaultSplitter(),
    perResult = 3,
    analyzer = englishAnalyzer(),
    maxResults = 50,
    maxCharacters = 100_000,
    timeoutMs = 30_000,
    retries = 0,
    maxWaitMs = 10_000,
    degrade = false,
    usdPerFetch = 0,
    remote = false,
    secrets = [],
    store = frozenStore(),
    runtime,
    k,
  } = options;
  if (typeof remote !== "boolean") throw invalidOption("remote", "true or false", remote);
  if (typeof name !== "string" || name.trim() === "") throw invalidOption("name", "a name for what is asked", name);
  positiveInteger("perResult", perResult);
  positiveInteger("maxResults", maxResults);
  positiveInteger("maxCharacters", maxCharacters);
  positiveInteger("timeoutMs", timeoutMs);
  if (!Number.isSafeInteger(nonNegative("retries", retries))) throw invalidOption("retries", "a whole number", retries);
  nonNegative("maxWaitMs", maxWaitMs);
  nonNegative("usdPerFetch", usdPerFetch);
  if (typeof fetch !== "function" && !isLiveTool(fetch)) {
    throw invalidOption("fetch", "a function, or a LangChain tool with name, schema and invoke");
  }
  if (typeof fetch === "function" && input !== undefined) {
    throw invalidOption("input", "left out: it is for tools, and a function takes the query itself");
  }
  const ask: LiveFunction | ReturnType<typeof toolFunction> =
    typeof fetch === "function" ? fetch : toolFunction(fetch, input);
  const reading = { origin: name, maxResults, maxCharacters, degrade };

  const spentOn = (attempts: number): Usage => ({ ...noUsage, calls: attempts, usd: attempts * usdPerFetch });

  const sent = { role: "search", served: `live:${name}`, requests: 1 };

  const search = async (query: string, options: CheckedSearchOptions): Promise<SearchResult> => {
    const { k: wanted, filter, signal, deadlineMs, call, config } = options;
    const clock = runtime ?? call?.runtime ?? systemRuntime;
    const handed = handlesFilter ? filter : undefined;
    if (isRefused(call?.outbound, "search", remote)) throw outboundRefused("search", `The live source "${name}"`);
    let attempts = 0;
    const fetched = async (): Promise<FetchRecord> => {
      const notes: Note[] = [];
      try {
        const output = await fetchLive({
          origin: name,
          send: async (linked) => {
            attempts += 1;
            if (remote) await recordSent(call, [{ ...sent, characters: query.length, ...namesOf() }]);
            return ask(query, { k: wanted, filter: handed, signal: linked, scope: call?.scope, config });
          },
          timeoutMs,
          deadlineMs,
          retries,
          maxWaitMs,
          signal,
          runtime: clock,
          secrets,
          onNote: (one) => notes.push(one),
        });
        const fetchedAt = clock.now();
        const read = readResults(pick(output), reading);
        return { fetchedAt, attempts, results: read.results, notes: [...notes, ...read.notes].map(asJson) };
      } catch (error) {
        call?.meter.charge(spentOn(attempts));
        throw error;
      }
    };
    let record: FetchRecord;
    try {
      const branch = contentHash(JSON.stringify([query, wanted, handed ?? null]));
      record =
        call === undefined
          ? await fetched()
          : await call.journal.once({ node: `live:${name}`, branch, ordinal: 0 }, "live", fetched);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof DeadlinePassed) {
        return { hits: [], notes: [error.note], usage: spentOn(attempts), generation: -1 };
      }
      throw liveFailure(error, name, secrets);
    }
    const spent = spentOn(record.attempts);
    call?.meter.charge(spent);
    const { fetchedAt, results } = record;
    const selected = selectResults(results, {
      origin: name,
      query,
      fetchedAt,
      filter: handlesFilter ? undefined : filter,
    });
    const cut = await cutResults(selected.sources, {
      origin: name,
      query,
      splitter,
      analyzer,
      perResult,
      signal,
      call,
    });
    for (const { frozen } of selected.sources) await keep(store, frozen, name);
    const notes = [...(record.notes as unknown as Note[]), ...selected.notes, ...cut.notes];
    if (results.length === 0) notes.push(note("no-hits", `"${name}" has no result for this query.`));
    const hits = liveHits(cut.found, name);
    return { hits: hits.slice(0, wanted), notes, usage: addUsage(spent, cut.usage), generation: -1 };
  };

  return Object.assign(defineRetriever("live", search, { scope: undefined, k }), { frozen: store });
}

async function keep(store: FrozenStore, frozen: FrozenSource, origin: string): Promise<void> {
  try {
    await store.set(frozen);
  } catch (cause) {
    throw new ClewError("storage-failed", `The store of the live source "${origin}" could not keep what was fetched.`, {
      cause,
    });
  }
}

const asJson = (one: Note): JsonObject => one as unknown as JsonObject;

const known = [
  "name",
  "handlesFilter",
  "input",
  "pick",
  "splitter",
  "perResult",
  "analyzer",
  "maxResults",
  "maxCharacters",
  "timeoutMs",
  "retries",
  "maxWaitMs",
  "degrade",
  "usdPerFetch",
  "remote",
  "secrets",
  "store",
  "runtime",
  "k",
] satisfies (keyof LiveOptions)[];
