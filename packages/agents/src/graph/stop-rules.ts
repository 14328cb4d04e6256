import type { BudgetLimit, Grade, HopRecord, Meter, Plan } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import { isRepeated } from "../is-repeated.js";
import { readyQueries } from "./ready-queries.js";
import type { NextQuery, StopReason } from "./run-state.js";

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
export function nextStep({ plan, grades, hops, meter, analyzer, roomForRound }: Progress): NextStep {
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
  const wanted: NextQuery[] = [];
  for (const grade of grades) {
    if (grade.kind === "answered") continue;
    for (const { query, why } of [...(grade.next === undefined ? [] : [grade.next]), ...(grade.also ?? [])]) {
      wanted.push({ subQuestion: grade.subQuestion, query, why });
    }
  }
  const fresh: NextQuery[] = [];
  let repeated = 0;
  const earlier = hops.map(({ query }) => query);
  for (const next of [...wanted, ...readyQueries(plan, grades, asked)]) {
    if (next.query.trim() === "" || isRepeated(next.query, earlier, analyzer)) repeated += 1;
    else {
      fresh.push(next);
      earlier.push(next.query);
    }
  }
  if (fresh.length === 0) return stop(repeated > 0 ? "repeated-query" : "nothing-to-try");
  if (isBarren(hops)) return stop("nothing-new");
  const limits = limitsReached(meter);
  if (limits.length > 0) return stop("budget", limits);
  if (!roomForRound) return stop("step-limit");
  return { kind: "search", queries: fresh };
}

/** True when the last two rounds brought no evidence that was not known before. */
function isBarren(hops: readonly HopRecord[]): boolean {
  const last = hops.at(-1)?.hop ?? 0;
  if (last < barrenRounds) return false;
  return hops.every(({ hop, fresh }) => hop <= last - barrenRounds || fresh.length === 0);
}
