import {
  type BudgetLimit,
  type HopRecord,
  note,
  type Route,
  type SearchResult,
  scopeKey,
  startDeadline,
  type Usage,
} from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { checkPlan } from "./check-plan.js";
import { exceeded } from "./exceeded.js";
import { failedSearch } from "./failed-search.js";
import { inSources, unknownSources } from "./in-sources.js";
import { inTime } from "./in-time.js";
import { ownPassages } from "./own-passages.js";
import { readyQueries } from "./ready-queries.js";
import { type AgentParts, openRun, type Run } from "./run.js";
import { settled } from "./run-deadline.js";
import { runInputs } from "./run-inputs.js";
import { freshRun, type RunState, type RunUpdate, type StopReason } from "./run-state.js";
import { searchOnce } from "./search-once.js";
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

/** Clears what an earlier turn of the thread left, gives the run its identity and records its inputs. */
export const beginNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const { scope, runtime, recorded } = parts;
    const owner = scopeKey(scope);
    // a thread that another scope began is started anew: nothing of it is seen here
    const own = state.owner === undefined || state.owner === owner;
    const begun = {
      ...freshRun,
      owner,
      run: recorded?.run ?? runtime.id(),
      options: state.options ?? {},
      conversation: own ? (state.conversation ?? []) : [],
      heard: own ? (state.heard ?? []) : [],
    };
    const data = recorded?.inputs ?? runInputs(parts, { ...state, ...begun }, config);
    return { ...begun, trace: [{ seq: 0, at: runtime.now(), kind: "run", data }] };
  };

export const routeNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "route", reserve: true });
    const decided =
      parts.lookUp === true
        ? ({ kind: "retrieve", question: state.question, why: "a section of a report" } as const)
        : await inTime(run, {
            what: "the question was routed",
            work: (call) => parts.policy.route(run.view, call),
            otherwise: () => extractivePolicy().route(run.view, run.call),
          });
    const route = run.view.form === undefined ? decided : lookUp(decided, state.question);
    await run.record("route", route);
    run.emit({ type: "route", route });
    return run.close({ routed: route });
  };

/** A form is filled in from evidence alone, whatever its question sounds like. */
const lookUp = (decided: Route, question: string): Route =>
  decided.kind === "retrieve" ? decided : { kind: "retrieve", question, why: "a form is to be filled in" };

export const planNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "plan", reserve: true });
    const planned = await inTime(run, {
      what: "the plan was made",
      work: (call) => parts.policy.plan(run.view, call),
      otherwise: () => extractivePolicy().plan(run.view, run.call),
    });
    const { plan, problems } = checkPlan(planned, run.view.question, run.view.sources);
    for (const problem of problems) await run.note(note("repaired", `The plan was changed: ${problem}.`));
    await run.record("plan", plan);
    run.emit({ type: "plan", plan });
    const limits = await run.decide((meter) => meter.reached().filter((limit) => limit === "hops" || limit === "ms"));
    if (limits.length > 0) {
      await noteStop(run, "budget", limits);
      return run.close({ planned: plan, queries: [], stopped: "budget" });
    }
    return run.close({ planned: plan, queries: inSources(readyQueries(plan, [], new Set()), parts.sources) });
  };

const named = (source: string | undefined) => (source === undefined ? {} : { source });

/** Makes all searches of a round at once: one meter counts them, and one that fails leaves the others alone. */
export const retrieveNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "retrieve", reserve: true });
    const { meter, ledger, signal } = run;
    meter.hop();
    const hop = meter.hops;
    // how each search ended is in the record
    const ms = parts.recorded === undefined ? Math.min(meter.remaining("ms"), parts.timeoutMs) : undefined;
    const deadline = startDeadline({ ms, signal, runtime: run.call.runtime });
    const searches = state.queries.map((next, index) => ({ next, ...branchFor(run, state, index) }));
    const results = await Promise.allSettled(
      searches.map(async ({ next: { subQuestion, source, query, why }, journal, site }) => {
        await journal.record("query", { hop, subQuestion, ...named(source), query, why });
        run.emit({ type: "query", hop, subQuestion, ...named(source), query, why });
        return searchOnce({
          retriever: parts.sources.find(({ name }) => name === source)!.retriever,
          query,
          source,
          options: { k: state.options.k ?? parts.k, filter: state.options.filter, signal: deadline.signal, config },
          call: run.call,
          journal,
          site,
        });
      }),
    ).finally(deadline.clear);
    signal?.throwIfAborted();
    if (deadline.passed()) await settled();

    const hops: HopRecord[] = [];
    for (const [index, { next, journal }] of searches.entries()) {
      const { subQuestion, source, query, why } = next;
      const result = results[index]!;
      const found = result.status === "fulfilled" ? result.value.found : undefined;
      // branch after branch, whichever ended first
      run.journal.join(journal);
      if (result.status === "rejected") {
        await run.note(failedSearch(result.reason, { subQuestion, source, query }));
      }
      const hits = ownPassages(found?.hits ?? [], source, ledger);
      const fresh = ledger.add(hits, { query, hop });
      const known = new Map(ledger.list().map(({ id, passage }) => [passage.id, id]));
      const shown = hits.map(({ passage: { id, source, title }, score }) => ({
        evidence: known.get(id)!,
        passage: id,
        source,
        title,
        score,
      }));
      const call = result.status === "fulfilled" ? result.value.call : undefined;
      const said = found === undefined || found.notes.length === 0 ? {} : { notes: found.notes };
      const data = { hop, subQuestion, ...named(source), query, hits: shown, ...said, ...spentIn(found) };
      await run.record("hits", data, call);
      for (const one of found?.notes ?? []) await run.note(one);
      run.emit({ type: "hits", hop, subQuestion, ...named(source), query, hits: shown });
      for (const evidence of fresh) run.emit({ type: "evidence", evidence });
      const ids = fresh.map(({ id }) => id);
      hops.push({ hop, subQuestion, ...named(source), query, why, hits: hits.length, fresh: ids });
    }
    const over = exceeded({ budget: meter.budget, usage: run.tally() });
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

/** The record and the call's identity of a search of its own: its position counts over all rounds of its sub-question. */
function branchFor(run: Run, state: RunState, index: number) {
  const { subQuestion } = state.queries[index]!;
  const before = [...state.hops, ...state.queries.slice(0, index)].filter((one) => one.subQuestion === subQuestion);
  return { journal: run.journal.branch(), site: { node: "retrieve", branch: subQuestion, ordinal: before.length } };
}

/** What a search spent, where it spent anything. */
const spentIn = (found: SearchResult | undefined): { usage?: Usage } =>
  found !== undefined && Object.values(found.usage).some((part) => part > 0) ? { usage: found.usage } : {};

export const gradeNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "grade", reserve: true });
    const grades = await inTime(run, {
      what: "the evidence was graded",
      work: (call) => parts.policy.grade(run.view, call),
      otherwise: () => extractivePolicy().grade(run.view, run.call),
    });
    await run.record("grade", grades);
    for (const name of unknownSources(grades, run.view.sources)) {
      const message = `The next query was changed: there is no source ${JSON.stringify(name)}; it is made everywhere.`;
      await run.note(note("repaired", message));
    }
    const rounds = state.hops.at(-1)?.hop ?? 0;
    const limit = parts.recorded === undefined ? config.recursionLimit : parts.recorded.recursionLimit;
    const roomForRound = stepsOf(rounds + 1) <= (limit ?? Number.POSITIVE_INFINITY);
    const { sources, analyzer } = parts;
    const next = await run.decide((meter) =>
      nextStep({ plan: state.planned, sources, grades, hops: state.hops, meter, analyzer, roomForRound }),
    );
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

async function noteStop(
  run: Run,
  reason: Exclude<StopReason, "rejected">,
  limits: readonly BudgetLimit[],
): Promise<void> {
  if (reason === "budget") {
    const which = limits.join(", ");
    await run.note(
      note("budget-reached", `The limit of ${which} was reached before everything was found.`, { limits: [...limits] }),
    );
  } else await run.note(note("stopped", `The search stopped: ${reasons[reason]}.`, { reason }));
  await run.record("stop", { reason, limits });
}
