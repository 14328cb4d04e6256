import { ClewError, type Note, raceSignal } from "@clew/core";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { OpenRuns } from "./open-runs.js";

/** What a graph is given, and over what it runs. */
export interface GraphStart {
  /** Absent where it goes on from its last checkpoint. */
  readonly input: unknown;
  readonly graph: { stream(input: never, config: object): Promise<AsyncIterable<unknown>> };
}

/** Options of {@link driveGraph}. */
export interface DriveGraphOptions<E extends { readonly type: string }> {
  /** What its caller brought along; its signal is heard as `signals` are. */
  readonly config: RunnableConfig;
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Key of the thread in the checkpointer; absent: nothing is kept. */
  readonly key?: string | undefined;
  readonly recursionLimit: number;
  readonly context: object;
  /** Looks at what stands in the thread, and says how the graph begins. */
  start(): Promise<GraphStart>;
  /** What to tell before the graph runs, once it is known how it begins. @default nothing */
  told?(): readonly E[];
  /** The last event of a run that ended without saying so: it stands in the thread. */
  last(key: string): Promise<E | undefined>;
  /** Runs that leave a record where they do not come to their end. @default none does */
  readonly open?: OpenRuns | undefined;
  /** The event of a note on a record that could not be kept. */
  noted(note: Note): E;
}

/**
 * Runs a graph and hands on what it tells, `done` last: that one waits until the graph has ended, so that whoever leaves at it does not
 * cut the thread's last checkpoint off. An abort rejects at once, whatever the graph is at; leaving the loop aborts it.
 *
 * @throws the reason of the signal that was aborted; what the graph throws
 */
export async function* driveGraph<E extends { readonly type: string }>(
  options: DriveGraphOptions<E>,
): AsyncGenerator<E, void, undefined> {
  const { config, signals, key, recursionLimit, context, start, told, last, open, noted } = options;
  const { signal: configSignal, ...handed } = config;
  const outer = [...signals, configSignal].filter((one) => one !== undefined);
  for (const one of outer) one.throwIfAborted();
  const leaving = new AbortController();
  const linked = AbortSignal.any([...outer, leaving.signal]);
  const settings = {
    ...handed,
    recursionLimit,
    configurable: { ...handed.configurable, ...(key === undefined ? {} : { thread_id: key }) },
    context: { ...context, ...(open === undefined ? {} : { openRuns: open }) },
    signal: linked,
    // a checkpoint is on disk before the next node spends anything
    durability: "sync",
    streamMode: "custom",
  };
  try {
    const { graph, input } = await raceSignal(start(), linked);
    for (const event of told?.() ?? []) yield event;
    const stream = await raceSignal(graph.stream(input as never, settings), linked);
    const events = (stream as AsyncIterable<E>)[Symbol.asyncIterator]();
    let done: E | undefined;
    for (;;) {
      const next = await raceSignal(events.next(), linked);
      if (next.done === true) break;
      if (next.value.type === "done") done = next.value;
      else yield next.value;
    }
    if (done === undefined && key !== undefined) done = await raceSignal(last(key), linked);
    if (done?.type === "approval") for (const lost of (await open?.closeAll("waiting")) ?? []) yield noted(lost);
    if (done !== undefined) yield done;
  } catch (error) {
    const why = linked.aborted ? "aborted" : "failed";
    leaving.abort(error);
    for (const lost of (await open?.closeAll(why)) ?? []) yield noted(lost);
    throw error;
  } finally {
    leaving.abort(new ClewError("closed", "The caller has left this run."));
    await open?.closeAll("aborted");
  }
}
