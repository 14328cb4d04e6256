import {
  type BudgetLimit,
  ClewError,
  type HopRecord,
  type Meter,
  type Note,
  note,
  raceSignal,
  redact,
  type SearchResult,
  scopeKey,
  startDeadline,
  talliedMeter,
} from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { checkFound } from "./check-found.js";
import { checkPlan } from "./check-plan.js";
import { inTime, settled } from "./in-time.js";
import { readyQueries } from "./ready-queries.js";
import { type AgentParts, openRun, type Run } from "./run.js";
import { freshRun, type NextQuery, type RunState, type RunUpdate, type StopReason } from "./run-state.js";
import { nextStep } from "./stop-rules.js";

/** A node of the graph. */
export type Node = (state: RunState, config: LangGraphRunnableConfig) => Promise<RunUpdate>;

/** Supersteps that follow the last round at most: write, verify, repair, verify, finish. */
const stepsAfterRound = 5;
/** Supersteps of a round: retrieve, grade. */
const stepsOfRound = 2;
/** Supersteps before the first round: begin, route, plan. */
const stepsBefore = 3;

/** The recursion limit that a run of so many rounds needs: LangGraph wants one more than the supersteps made. */
export const stepsOf = (hops: number): number => stepsBefore + hops * stepsOfRound + stepsAfterRound + 1;

/** Clears what an earlier turn of the thread left, and gives the run its identity. */
export const beginNode =
  ({ scope, runtime }: AgentParts): Node =>
  async (state) => {
    const owner = scopeKey(scope);
    // a thread that another scope began is started anew: nothing of it is seen here
    const own = state.owner === undefined || state.owner === owner;
    return {
      ...freshRun,
      owner,
      run: runtime.id(),
      options: state.options ?? {},
      conversation: own ? (state.conversation ?? []) : [],
    };
  };

export const routeNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { reserve: true });
    const route = await inTime(run, {
      what: "the question was routed",
      work: (call) => parts.policy.route(run.view, call),
      otherwise: () => extractivePolicy().route(run.view, run.call),
    });
    await run.record("route", route);
    run.emit({ type: "route", route });
    return run.close({ routed: route });
  };

export const planNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { reserve: true });
    const planned = await inTime(run, {
      what: "the plan was made",
      work: (call) => parts.policy.plan(run.view, call),
      otherwise: () => extractivePolicy().plan(run.view, run.call),
    });
    const { plan, problems } = checkPlan(planned, run.view.question);
    for (const problem of problems) await run.note(note("repaired", `The plan was changed: ${problem}.`));
    await run.record("plan", plan);
    run.emit({ type: "plan", plan });
    const limits = run.meter.reached().filter((limit) => limit === "hops" || limit === "ms");
    if (limits.length > 0) {
      await noteStop(run, "budget", limits);
      return run.close({ planned: plan, queries: [], stopped: "budget" });
    }
    return run.close({ planned: plan, queries: readyQueries(plan, [], new Set()) });
  };

/** Makes all searches of a round at once: one meter counts them, and one that fails leaves the others alone. */
export const retrieveNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { reserve: true });
    const { meter, ledger, signal } = run;
    meter.hop();
    const hop = meter.hops;
    const ms = Math.min(meter.remaining("ms"), parts.timeoutMs);
    const deadline = startDeadline({ ms, signal, runtime: run.call.runtime });
    const search = async ({ subQuestion, query, why }: NextQuery): Promise<SearchResult> => {
      await run.record("query", { hop, subQuestion, query, why });
      run.emit({ type: "query", hop, subQuestion, query, why });
      const { meter: own, chargeRest } = talliedMeter(meter);
      const searched = parts.retriever.search(query, {
        k: state.options.k ?? parts.k,
        filter: state.options.filter,
        signal: deadline.signal,
        call: { ...run.call, meter: own, signal: deadline.signal },
        config: { ...config, signal: deadline.signal },
      });
      // a retriever need not be one of defineRetriever's, which listen and check
      const found = await raceSignal(searched, deadline.signal);
      const checked = checkFound(found, {
        kind: parts.retriever.kind,
        filter: state.options.filter,
      });
      chargeRest(checked.usage);
      return checked;
    };
    const results = await Promise.allSettled(state.queries.map(search)).finally(deadline.clear);
    signal?.throwIfAborted();
    if (deadline.passed()) await settled();

    const hops: HopRecord[] = [];
    for (const [index, { subQuestion, query, why }] of state.queries.entries()) {
      const result = results[index]!;
      const found = result.status === "fulfilled" ? result.value : undefined;
      if (result.status === "rejected") {
        await run.note(failedSearch(result.reason, { subQuestion, query }));
      }
      for (const one of found?.notes ?? []) await run.note(one);
      const hits = found?.hits ?? [];
      const fresh = ledger.add(hits, { query, hop });
      const ids = new Map(ledger.list().map(({ id, passage }) => [passage.id, id]));
      const shown = hits.map(({ passage: { id, source, title }, score }) => ({
        evidence: ids.get(id)!,
        passage: id,
        source,
        title,
        score,
      }));
      await run.record("hits", { hop, subQuestion, query, hits: shown });
      run.emit({ type: "hits", hop, subQuestion, query, hits: shown });
      for (const evidence of fresh) run.emit({ type: "evidence", evidence });
      hops.push({ hop, subQuestion, query, why, hits: hits.length, fresh: fresh.map(({ id }) => id) });
    }
    const over = exceeded(meter);
    if (over.length > 0) {
      const message = `The searches of round ${hop} passed the limit of ${over.join(", ")}: a stage of the retriever spent without asking first.`;
      await run.note(note("overrun", message, { hop, limits: over }));
    }
    return run.close({
      hops: [...state.hops, ...hops],
      evidence: ledger.toJSON(),
      passages: Object.fromEntries(ledger.list().map(({ passage }) => [passage.id, passage])),
      queries: [],
    });
  };

/**
 * Why a search brought nothing.
 *
 * @throws the failure where no search can be paid for, since a price is unknown
 */
function failedSearch(failure: unknown, { subQuestion, query }: Pick<NextQuery, "subQuestion" | "query">): Note {
  const code = ClewError.isInstance(failure) ? failure.code : undefined;
  if (code === "budget-impossible") throw failure;
  const reason = redact(failure instanceof Error ? failure.message : String(failure));
  return note(code === "budget-reached" ? code : "sub-question-failed", `The search "${query}" failed: ${reason}`, {
    subQuestion,
    query,
  });
}

/** The limits that more was spent of than there is. */
const exceeded = ({ usage, budget: { tokens, usd, calls } }: Meter): BudgetLimit[] => [
  ...(tokens !== undefined && usage.inputTokens + usage.outputTokens > tokens ? (["tokens"] as const) : []),
  ...(usd !== undefined && usage.usd > usd ? (["usd"] as const) : []),
  ...(calls !== undefined && usage.calls > calls ? (["calls"] as const) : []),
];

export const gradeNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { reserve: true });
    const grades = await inTime(run, {
      what: "the evidence was graded",
      work: (call) => parts.policy.grade(run.view, call),
      otherwise: () => extractivePolicy().grade(run.view, run.call),
    });
    await run.record("grade", grades);
    const rounds = state.hops.at(-1)?.hop ?? 0;
    const next = nextStep({
      plan: state.planned,
      grades,
      hops: state.hops,
      meter: run.meter,
      analyzer: parts.analyzer,
      roomForRound: stepsOf(rounds + 1) <= (config.recursionLimit ?? Number.POSITIVE_INFINITY),
    });
    if (next.kind === "search") return run.close({ grades, queries: next.queries });
    if (next.reason !== undefined) await noteStop(run, next.reason, next.limits);
    return run.close({ grades, queries: [], stopped: next.reason ?? null });
  };

const reasons: Readonly<Record<Exclude<StopReason, "budget">, string>> = {
  "nothing-new": "two rounds in a row brought no new evidence",
  "repeated-query": "what was to be asked next had been asked before",
  "nothing-to-try": "nothing was left to try",
  "step-limit": "the graph's recursion limit leaves no room for another round",
};

async function noteStop(run: Run, reason: StopReason, limits: readonly BudgetLimit[]): Promise<void> {
  if (reason === "budget") {
    const which = limits.join(", ");
    await run.note(
      note("budget-reached", `The limit of ${which} was reached before everything was found.`, { limits: [...limits] }),
    );
  } else await run.note(note("stopped", `The search stopped: ${reasons[reason]}.`, { reason }));
  await run.record("stop", { reason, limits });
}
