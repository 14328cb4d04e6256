import { performance } from "node:perf_hooks";
import { createResearcher, type ResearcherOptions } from "@clew/agents";
import { defineRetriever, type Retriever } from "@clew/core";

/** Options of {@link researchAborts}. */
export interface ResearchAbortsOptions {
  /** Options of the researcher; each model call and each search waits for `held` first, where there is one. */
  readonly optionsOf: (held?: Held) => ResearcherOptions;
  readonly question: string;
  /** Points of each kind (1 or more). */
  readonly points: number;
}

/** Called as a model call or a search begins; it goes on when the promise resolves. */
export type Held = () => Promise<void>;

/** One abort, from the moment at which it was due to the rejection, in milliseconds. */
export interface Abort {
  readonly ms: number;
  /** Processor time that the process took, other threads included: what a machine with time to spare would wait at most. */
  readonly work: number;
}

/** How soon aborts rejected, and how long the event loop stood still, in milliseconds. */
export interface ResearchAborts {
  /** From each abort behind an event of the stream to the rejection. */
  readonly events: readonly Abort[];
  /** From each abort in the midst of a model call or a search that never ends. */
  readonly held: readonly Abort[];
  /** Aborts that came too late: the report was done within the millisecond. */
  readonly missed: number;
  /** Longest turn of the event loop, over one whole run. */
  readonly turn: number;
  /** Most processor time that the process took in one turn, other threads included: what a machine with time to spare would wait. */
  readonly work: number;
}

/** From the point to the abort: a timer, so that a loop that stands still counts. */
const delay = 1;

/**
 * Aborts research behind events that are spread evenly over the whole run, and in the midst of calls that are. The time of each is taken from
 * the moment at which the abort was due, so that what blocks the event loop counts.
 */
export async function researchAborts({ optionsOf, question, points }: ResearchAbortsOptions): Promise<ResearchAborts> {
  let [events, calls] = [0, 0];
  const counted = optionsOf(async () => {
    calls += 1;
  });
  const watched = watchTurns();
  for await (const _ of createResearcher(counted).stream(question)) events += 1;
  const turns = watched();

  const behind: (Abort | undefined)[] = [];
  for (const at of spread(events - 1, points)) {
    behind.push(
      await abortedAfter(optionsOf(), question, (reach) => {
        let seen = 0;
        return () => {
          seen += 1;
          if (seen === at) reach();
        };
      }),
    );
  }
  const held: (Abort | undefined)[] = [];
  for (const at of spread(calls, points)) {
    let begun = 0;
    let stop = (): void => undefined;
    const options = optionsOf(async () => {
      begun += 1;
      if (begun < at) return;
      stop();
      await new Promise(() => undefined);
    });
    held.push(
      await abortedAfter(options, question, (reach) => {
        stop = reach;
        return () => undefined;
      }),
    );
  }
  const taken = (times: readonly (Abort | undefined)[]): Abort[] => times.filter((time) => time !== undefined);
  return {
    events: taken(behind),
    held: taken(held),
    missed: [...behind, ...held].filter((time) => time === undefined).length,
    ...turns,
  };
}

/** Whole numbers from 1 to `count`, as many as there are points, evenly spread. */
const spread = (count: number, points: number): number[] =>
  Array.from({ length: points }, (_, index) => 1 + Math.floor((index * count) / points));

/** From the abort, due as soon as the point is reached, to the rejection; undefined where the report was done before. */
async function abortedAfter(
  options: ResearcherOptions,
  question: string,
  point: (reach: () => void) => () => void,
): Promise<Abort | undefined> {
  const leaving = new AbortController();
  const reason = new Error("left");
  let due = 0;
  let used = process.cpuUsage();
  const heard = point(() => {
    if (due !== 0) return;
    due = performance.now() + delay;
    used = process.cpuUsage();
    setTimeout(() => leaving.abort(reason), delay);
  });
  try {
    for await (const _ of createResearcher(options).stream(question, { signal: leaving.signal })) heard();
  } catch (error) {
    if (error !== reason) throw error;
    const { user, system } = process.cpuUsage(used);
    return { ms: performance.now() - due, work: (user + system) / 1000 };
  }
  return undefined;
}

/** A retriever whose every search waits first. */
export const waiting = (retriever: Retriever, wait: Held): Retriever =>
  defineRetriever(
    "waiting",
    async (query, options) => {
      await wait();
      return retriever.search(query, options);
    },
    { scope: retriever.scope },
  );

/** Watches the turns of the event loop. @returns ends it, with the longest */
function watchTurns(): () => { readonly turn: number; readonly work: number } {
  let [turn, work, open] = [0, 0, true];
  let [at, used] = [performance.now(), process.cpuUsage()];
  const next = (): void => {
    const { user, system } = process.cpuUsage(used);
    turn = Math.max(turn, performance.now() - at);
    work = Math.max(work, (user + system) / 1000);
    [at, used] = [performance.now(), process.cpuUsage()];
    if (open) setImmediate(next);
  };
  setImmediate(next);
  return () => {
    open = false;
    return { turn, work };
  };
}
