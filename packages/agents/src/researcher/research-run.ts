import {
  type Budget,
  ClewError,
  type JsonValue,
  type Meter,
  meter,
  type Note,
  type PolicyCall,
  scopeKey,
} from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { keptOutputs } from "../graph/kept-outputs.js";
import { openRunsOf } from "../graph/open-runs.js";
import type { AgentParts } from "../graph/run.js";
import { type RunJournal, runJournal } from "../graph/run-journal.js";
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
  if (state.owner !== scopeKey(scope)) {
    throw new ClewError("invalid-option", "This thread belongs to another scope: use a thread of this scope's own.");
  }
  openRunsOf(agent, config)?.saw({ run: state.run, entries: state.trace, heard: [] });
  const spent = meter({ budget: { ...budget, ...state.options?.budget }, runtime, state: state.spent ?? undefined });
  const outputs = keptOutputs(state.run, config);
  const journal = runJournal({ run: state.run, runtime, entries: state.trace, outputs });
  const notes: Note[] = [...state.notes];
  const before = spent.usage;
  const emit = (event: ResearchEvent): void => config.writer?.(event);
  const record = (kind: string, data: unknown): Promise<void> =>
    journal.record(kind, JSON.parse(JSON.stringify(data)) as JsonValue);
  const keep = async (added: Note): Promise<void> => {
    if (notes.some(({ code, message }) => code === added.code && message === added.message)) return;
    notes.push(added);
    emit({ type: "note", note: added });
    await record("note", added);
  };
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
    note: keep,
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
    note: keep,
    record,
    close: (update) => {
      if (spent.usage !== before) emit({ type: "usage", usage: spent.usage });
      return { ...update, notes: [...notes], spent: spent.toJSON(), trace: journal.entries() };
    },
  };
}
