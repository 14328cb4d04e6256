import { type Budget, ClewError, type Meter, meter, type Note, type PolicyCall } from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { checkOwner } from "../graph/check-owner.js";
import { keptOutputs } from "../graph/kept-outputs.js";
import { openRunsOf } from "../graph/open-runs.js";
import type { AgentParts } from "../graph/run.js";
import { type RunJournal, runJournal } from "../graph/run-journal.js";
import { plain, runNotes } from "../graph/run-notes.js";
import { spansOf } from "../telemetry/traced.js";
import type { ResearchEvent } from "./research-event.js";
import type { ResearchState, ResearchUpdate } from "./research-state.js";

/** What all research of a researcher shares. */
export interface ResearchParts {
  /** Of the agent that writes a section; its budget is the section's share. */
  readonly agent: AgentParts;
  /** Limits of the whole, over all sections. */
  readonly budget: Budget;
  /** Most sections of an outline. */
  readonly sections: number;
  /** Most sections at work side by side. */
  readonly parallel: number;
}

/** One node's hold on research: what it may use, and what it leaves behind. */
export interface ResearchRun {
  readonly call: PolicyCall;
  readonly meter: Meter;
  readonly journal: RunJournal;
  emit(event: ResearchEvent): void;
  note(note: Note): Promise<void>;
  record(kind: string, data: unknown): Promise<void>;
  /** The node's update, with what was spent, noted and recorded. */
  close(update: ResearchUpdate): ResearchUpdate;
}

/**
 * Opens research for one node, from its state alone: so what was broken off goes on as it was.
 *
 * @throws ClewError `invalid-option` when the thread belongs to another scope
 */
export function openResearch(
  { agent, budget }: ResearchParts,
  state: ResearchState,
  config: LangGraphRunnableConfig,
): ResearchRun {
  const { scope, runtime, serve, prices } = agent;
  checkOwner(state, scope);
  openRunsOf(agent, config)?.saw({ run: state.run, entries: state.trace, heard: [] });
  const spent = meter({ budget: { ...budget, ...state.options?.budget }, runtime, state: state.spent ?? undefined });
  const outputs = keptOutputs(state.run, config);
  const journal = runJournal({ run: state.run, runtime, entries: state.trace, outputs });
  const before = spent.usage;
  const emit = (event: ResearchEvent): void => config.writer?.(event);
  const record = (kind: string, data: unknown): Promise<void> => journal.record(kind, plain(data));
  const notes = runNotes({ notes: state.notes, emit, record });
  const call: PolicyCall = {
    run: state.run,
    scope,
    signal: config.signal,
    meter: spent,
    journal,
    config,
    runtime,
    prices,
    spans: spansOf(agent, config),
    outbound: agent.outbound,
    note: notes.keep,
    names: (role) => agent.names?.(role) ?? false,
    model: async (role) => {
      if (serve === undefined) {
        throw new ClewError("invalid-option", `A model is asked for as ${role}: give createResearcher models.`);
      }
      return serve(role, call);
    },
  };
  return {
    call,
    meter: spent,
    journal,
    emit,
    note: notes.keep,
    record,
    close: (update) => {
      if (spent.usage !== before) emit({ type: "usage", usage: spent.usage });
      return { ...update, notes: notes.list(), spent: spent.toJSON(), trace: journal.entries() };
    },
  };
}
