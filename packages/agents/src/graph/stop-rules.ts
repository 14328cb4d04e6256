import type { BudgetLimit, Grade, HopRecord, Meter, Plan } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import { isRepeated } from "../is-repeated.js";
import { elsewhere, inSources, type WantedQuery } from "./in-sources.js";
import { readyQueries } from "./ready-queries.js";
import type { NextQuery, StopReason } from "./run-state.js";
import type { AgentSource } from "./sources.js";

/** Share of the time after which no new round of retrieval begins: the rest is for writing. */
const searchUntil = 0.8;
/** Rounds in a row that bring nothing new before a run stops looking. */
const barrenRounds = 2;

/** The limits that forbid another round of retrieval. */
function limitsReached(meter: Meter): BudgetLimit[] {
  const reached = meter.reached();
  const { ms } = meter.budget;
  const late = ms !== undefined && !reached.includes("ms") && meter.elapsedMs >= ms * searchUntil;
  return late ? [...reached, "ms"] : [...reached];
}

/** What the stop rules look at. */
export interface Progress {
  readonly plan: Plan;
  readonly sources: readonly AgentSource[];
  readonly grades: readonly Grade[];
  readonly hops: readonly HopRecord[];
  readonly meter: Meter;
  readonly analyzer: Analyzer;
  /** Whether the graph's recursion limit leaves room for another round and the writing. */
  readonly roomForRound: boolean;
}

/** Whether a run goes on looking, and if not, why. `reason` is absent when everything was found. */
export type NextStep =
  | { readonly kind: "search"; readonly queries: readonly NextQuery[] }
  | { readonly kind: "write"; readonly reason?: StopReason | undefined; readonly limits: readonly BudgetLimit[] };

/** Decides after each round of retrieval: everything answered, nothing new, nothing left to try, or a limit. */
export function nextStep({ plan, sources, grades, hops, meter, analyzer, roomForRound }: Progress): NextStep {
  const stop = (reason?: StopReason, limits: readonly BudgetLimit[] = []): NextStep => ({
    kind: "write",
    reason,
    limits,
  });
  const open = plan.subQuestions.filter(
    ({ id }) => grades.find(({ subQuestion }) => subQuestion === id)?.kind !== "answered",
  );
  if (open.length === 0) return stop();

  const asked = new Set(hops.map(({ subQuestion }) => subQuestion));
  const wanted: WantedQuery[] = [];
  for (const grade of grades) {
    if (grade.kind === "answered") continue;
    for (const follow of [...(grade.next === undefined ? [] : [grade.next]), ...(grade.also ?? [])]) {
      wanted.push({ subQuestion: grade.subQuestion, ...follow });
    }
  }
  const { fresh, repeated } = unasked([...wanted, ...readyQueries(plan, grades, asked)], sources, hops, analyzer);
  const barren = fresh.length > 0 && isBarren(hops);
  if (fresh.length === 0 || barren) {
    // a source that was never tried may hold it
    fresh.splice(0, fresh.length, ...elsewhere(open, sources, hops));
  }
  if (fresh.length === 0) return stop(barren ? "nothing-new" : repeated > 0 ? "repeated-query" : "nothing-to-try");
  const limits = limitsReached(meter);
  if (limits.length > 0) return stop("budget", limits);
  if (!roomForRound) return stop("step-limit");
  return { kind: "search", queries: fresh };
}

/** The queries in each of their sources, without those that were made there before, or nearly. */
function unasked(
  wanted: readonly WantedQuery[],
  sources: readonly AgentSource[],
  hops: readonly HopRecord[],
  analyzer: Analyzer,
): { fresh: NextQuery[]; repeated: number } {
  const fresh: NextQuery[] = [];
  let repeated = 0;
  for (const next of inSources(wanted, sources)) {
    const earlier = [...hops, ...fresh].filter(({ source }) => source === next.source).map(({ query }) => query);
    if (next.query.trim() === "" || isRepeated(next.query, earlier, analyzer)) repeated += 1;
    else fresh.push(next);
  }
  return { fresh, repeated };
}

/** True when the last two rounds brought no evidence that was not known before. */
function isBarren(hops: readonly HopRecord[]): boolean {
  const last = hops.at(-1)?.hop ?? 0;
  if (last < barrenRounds) return false;
  return hops.every(({ hop, fresh }) => hop <= last - barrenRounds || fresh.length === 0);
}
