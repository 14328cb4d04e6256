import {
  type Answer,
  addUsage,
  type Budget,
  ClewError,
  type ClewErrorCode,
  note,
  noUsage,
  redact,
  sealTrace,
  type Usage,
} from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentEvent } from "../agent-event.js";
import { buildGraph } from "../graph/build-graph.js";
import { stepsOf } from "../graph/look-nodes.js";
import { openRunsOf } from "../graph/open-runs.js";
import type { RunState } from "../graph/run-state.js";
import { nestedTelemetry } from "../telemetry/traced.js";
import { announce, liveOf } from "./live.js";
import type { Outline, OutlineSection } from "./report.js";
import type { ResearchEvent } from "./research-event.js";
import type { ResearchParts } from "./research-run.js";
import type { ResearchRunOptions, ResearchUpdate, SectionResult } from "./research-state.js";

/** What one section is given. */
export interface SectionTask {
  readonly run: string;
  readonly section: OutlineSection;
  readonly outline: Outline;
  readonly share: Budget & { readonly hops: number };
  readonly options: Pick<ResearchRunOptions, "filter" | "k">;
  /** Spent by the outline and the rounds before. */
  readonly before: Usage;
}

/**
 * Writes one section by the agent's own graph, under its share of the budget. The graph's checkpoints and kept outputs lie in those of the
 * research, and its run has the research's identity and the section's: a section that was broken off goes on where it was. One that
 * fails leaves the others alone.
 */
export const sectionNode =
  ({ agent }: ResearchParts) =>
  async (task: SectionTask, config: LangGraphRunnableConfig): Promise<ResearchUpdate> => {
    const { section, outline, share, options, before } = task;
    const live = liveOf(config);
    const emit = (event: ResearchEvent): void => config.writer?.(event);
    const run = `${task.run}-${section.id}`;
    const graph = buildGraph({
      ...agent,
      telemetry: nestedTelemetry(agent, config),
      // sections are not small talk
      lookUp: true,
      runtime: { ...agent.runtime, id: () => run },
    });
    let usage = noUsage;
    const hear = (chunk: unknown): void => {
      const event = chunk as AgentEvent;
      if (event.type === "done" || event.type === "approval") return;
      if (event.type !== "usage") {
        emit({ type: "section", section: section.id, event });
        return;
      }
      usage = event.usage;
      live?.usage.set(section.id, usage);
      emit({ type: "usage", usage: addUsage(before, ...(live?.usage.values() ?? [usage])) });
    };
    const result = await (async (): Promise<SectionResult> => {
      try {
        // its events are told under its name, not as the research's own
        const own: LangGraphRunnableConfig = { ...config, writer: hear, recursionLimit: stepsOf(share.hops) };
        const asked = { question: section.question, options: { ...options, budget: share } };
        const last = (await graph.invoke(asked, { ...own, durability: "sync" })) as RunState | undefined;
        const answer = last?.answer;
        if (answer == null) throw new ClewError("invalid-output", "The run of the section ended without an answer.");
        return { section: section.id, answer, hops: last?.spent?.hops ?? 0, ms: last?.spent?.ms ?? 0 };
      } catch (error) {
        config.signal?.throwIfAborted();
        if (ClewError.isInstance(error) && ofAll.has(error.code)) throw error;
        const answer = failedAnswer(run, section, usage, error);
        const trace =
          (await openRunsOf(agent, config)?.close(run, "failed", config.signal)) ??
          sealTrace({ run, entries: [], ended: "failed", runtime: agent.runtime });
        return { section: section.id, answer: { ...answer, trace }, hops: share.hops, ms: 0 };
      }
    })();
    if (live !== undefined) {
      live.usage.set(section.id, result.answer.usage);
      live.results.set(section.id, result);
      live.announced = announce(outline, (id) => live.results.get(id), live.announced, emit);
    }
    return { results: { [section.id]: result } };
  };

/** What is wrong for every section alike: options, a price that nobody knows, a store that takes nothing. */
const ofAll: ReadonlySet<ClewErrorCode> = new Set(["invalid-option", "budget-impossible", "storage-failed"]);

function failedAnswer(
  run: string,
  { question, heading }: OutlineSection,
  usage: Usage,
  error: unknown,
): Omit<Answer, "trace"> {
  const why = redact(error instanceof Error ? error.message : String(error));
  const message = `The section "${heading}" failed; the others went on: ${why}`;
  return {
    id: run,
    question,
    status: "abstained",
    text: "",
    sentences: [],
    citations: [],
    evidence: [],
    hops: [],
    notes: [note("sub-question-failed", message)],
    usage,
  };
}
