import { ClewError, checkKeys, invalidOption, positiveInteger, type Spans } from "@clew/core";
import { settleAgent } from "../agent-parts.js";
import { budgetOf, checkPriced, checkRun } from "../check-run.js";
import { driveGraph } from "../graph/drive-graph.js";
import { openRuns } from "../graph/open-runs.js";
import { researchKey } from "../graph/thread-key.js";
import type { BegunSpan } from "../telemetry/telemetry.js";
import { tracedContext } from "../telemetry/traced.js";
import { messages, tracedRun } from "../telemetry/traced-run.js";
import { ownRun } from "../tools/own-run.js";
import { withBundle } from "../with-bundle.js";
import { assemble } from "./assemble.js";
import { buildResearchGraph, type ResearchGraph, researchSteps } from "./build-research-graph.js";
import { type Live, newLive, sectionDone, writtenOf } from "./live.js";
import type { Report, ReportSection } from "./report.js";
import type { ResearchEvent } from "./research-event.js";
import type { ResearchParts } from "./research-run.js";
import type { ResearchRunOptions, SectionResult } from "./research-state.js";
import type { BundledReport, Researcher, ResearcherOptions, ResearchOptions } from "./researcher.js";

/** Longest question, in UTF-16 code units: reading one takes time that no signal ends. */
const longestQuestion = 10_000;
const agentKeys = [
  "retriever",
  "sources",
  "policy",
  "models",
  "prices",
  "scope",
  "k",
  "timeoutMs",
  "checkpointer",
  "traces",
  "redact",
  "runtime",
  "telemetry",
  "outbound",
] as const;
const researchKeys = ["thread", "signal", "budget", "filter", "k", "config"];

/**
 * Makes a researcher over a retriever, or over several.
 *
 * @throws ClewError `invalid-option` for an option that is unknown, missing or out of range
 */
export function createResearcher(options: ResearcherOptions): Researcher {
  checkKeys("createResearcher", options, [...agentKeys, "budget", "sections", "parallel"]);
  const { budget = {}, sections = 6, parallel = 3, checkpointer, prices } = options;
  const { parts: agent, modelIds } = settleAgent(
    Object.fromEntries(agentKeys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]))),
  );
  const parts: ResearchParts = {
    agent,
    budget: budgetOf(budget),
    sections: positiveInteger("sections", sections),
    parallel: positiveInteger("parallel", parallel),
  };
  checkPriced(parts.budget, prices, modelIds);
  const limited = { recursionLimit: researchSteps(sections, parallel) };
  const graph = buildResearchGraph(parts, checkpointer).withConfig(limited) as ResearchGraph;
  // of a question without a thread nothing could ever be resumed
  const passing = checkpointer === undefined ? graph : (buildResearchGraph(parts).withConfig(limited) as ResearchGraph);

  /** The events of research of its own, which shows under what is active now, whenever they are read. */
  function seen(
    question: string,
    asked: ResearchOptions = {},
  ): AsyncGenerator<ResearchEvent<BundledReport>, void, undefined> {
    const { thread } = asked;
    return ownRun(asked.config ?? {}, (config, outer) => {
      const own = { ...asked, config };
      const around = agent.telemetry?.here();
      if (around === undefined) return events(question, own, outer);
      return tracedRun({
        ...{ agent: "clew-research", around, question, thread, policy: agent.policy.id, tell: tellReport },
        run: (spans) => events(question, own, outer, spans),
      });
    });
  }

  async function* events(
    question: string,
    asked: ResearchOptions,
    outer: AbortSignal | undefined,
    spans?: Spans,
  ): AsyncGenerator<ResearchEvent<BundledReport>, void, undefined> {
    checkKeys("research", asked, researchKeys);
    checkQuestion(question);
    const { thread, signal, config = {}, ...rest } = asked;
    const run: ResearchRunOptions = checkRun(rest);
    checkPriced(run.budget ?? {}, prices, modelIds);
    if (thread !== undefined && checkpointer === undefined) {
      throw invalidOption("thread", "left out where the researcher has no checkpointer: give createResearcher one");
    }
    const key = thread === undefined ? undefined : researchKey(agent.scope, thread);
    const live = newLive();
    let told: readonly ResearchEvent[] | undefined;
    const driven = driveGraph<ResearchEvent>({
      ...{ config, key, signals: [signal, outer], open: openRuns(agent), ...limited },
      context: { live, ...(spans === undefined ? {} : tracedContext(agent, spans)) },
      start: async () => {
        told = key === undefined ? undefined : await unfinished(key, question, run, live);
        const input = told === undefined ? { question, options: run } : null;
        return { graph: key === undefined ? passing : graph, input };
      },
      told: () => told ?? [],
      last: async (ended) => {
        const { values } = await graph.getState({ configurable: { thread_id: ended } });
        const report = values.report as Report | null | undefined;
        return report == null ? undefined : { type: "done", report };
      },
      noted: (note) => ({ type: "note", note }),
    });
    for await (const event of driven) {
      yield event.type === "done" ? { ...event, report: withBundle(event.report) } : event;
    }
  }

  /** What stands of this question in its thread, as events; undefined where it was not broken off at it. */
  async function unfinished(
    key: string,
    question: string,
    run: ResearchRunOptions,
    live: Live,
  ): Promise<ResearchEvent[] | undefined> {
    const { tasks, values } = await graph.getState({ configurable: { thread_id: key } });
    // not `next`, which leaves out a node whose update is kept while the checkpoint behind it is not
    if (tasks.length === 0) return undefined;
    const same = values.question === question && JSON.stringify(values.options ?? {}) === JSON.stringify(run);
    if (!same) return undefined;
    const told: ResearchEvent[] = [];
    // before begin has run, what stands is an earlier question's
    if (values.outlined != null && !tasks.some(({ name }) => name === "begin")) {
      told.push({ type: "outline", outline: values.outlined });
      for (const [id, result] of Object.entries<SectionResult>(values.results)) live.results.set(id, result);
      // what finish let go of stands in the report
      const sections: readonly ReportSection[] =
        values.report?.sections ?? assemble(writtenOf(values.outlined, (id) => live.results.get(id))).sections;
      for (const at of sections.keys()) told.push(sectionDone(values.outlined.title, sections.slice(0, at + 1)));
      live.announced = sections.length;
    }
    return told;
  }

  return {
    graph,
    stream: seen,
    feedback: async (report, feedback, asked) => {
      if (agent.traces === undefined) {
        throw invalidOption("traces", "given to createResearcher before feedback can be kept");
      }
      return agent.traces.feedback(agent.scope, report, feedback, asked);
    },
    research: async (question, asked) => {
      for await (const event of seen(question, asked)) if (event.type === "done") return event.report;
      throw new ClewError("invalid-output", "The research ended without a report.");
    },
  };
}

/** What a report tells of its run. */
function tellReport(span: BegunSpan, event: ResearchEvent): void {
  if (event.type !== "done") return;
  const { id, status, sections, evidence, notes, usage, markdown } = event.report;
  span.set({
    "clew.run.id": id,
    "clew.answer.status": status,
    "clew.sections": sections.length,
    "clew.evidence": evidence.length,
    "clew.notes": [...new Set(notes.map(({ code }) => code))],
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
  });
  span.texts((clean) => ({ "gen_ai.output.messages": messages("assistant", clean(markdown)) }));
}

function checkQuestion(question: unknown): void {
  if (typeof question !== "string" || question.trim() === "") {
    throw invalidOption("question", "a text that is not empty", question);
  }
  if (question.length > longestQuestion) {
    throw invalidOption("question", `at most ${longestQuestion} characters`, question.length);
  }
}
