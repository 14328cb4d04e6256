import {
  type Budget,
  ClewError,
  type EvidenceLedger,
  evidenceLedger,
  type JsonValue,
  type Meter,
  meter,
  type Note,
  type Policy,
  type PolicyCall,
  type PolicyState,
  type Prices,
  type RedactText,
  type Runtime,
  type Scope,
  scopeKey,
  type TraceStore,
} from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentEvent } from "../agent-event.js";
import type { ApprovalPoint } from "../approval.js";
import type { ServeModel } from "../models.js";
import { keptOutputs } from "./kept-outputs.js";
import { type RunJournal, runJournal } from "./run-journal.js";
import type { RunState, RunUpdate } from "./run-state.js";
import { type AgentSource, describeSources } from "./sources.js";

/** What all runs of an agent share. */
export interface AgentParts {
  readonly sources: readonly AgentSource[];
  readonly scope: Scope;
  readonly policy: Policy;
  /** Absent: the policy needs no model. */
  readonly serve?: ServeModel | undefined;
  /** Whether the user has named a model for exactly this role. */
  readonly names?: ((role: string) => boolean) | undefined;
  readonly budget: Budget;
  /** What models cost, by id. */
  readonly prices?: Prices | undefined;
  /** Hits of a search for which the run names no number. */
  readonly k: number;
  /** Milliseconds after which a search is given up. */
  readonly timeoutMs: number;
  readonly runtime: Runtime;
  /** Steps that a person approves. */
  readonly approve: ReadonlySet<ApprovalPoint>;
  /** Keeps the record of each run. */
  readonly traces?: TraceStore | undefined;
  /** Changes texts before they enter the record. */
  readonly redact?: RedactText | undefined;
  /** Compares queries. */
  readonly analyzer: Analyzer;
}

/** One node's hold on a run: what it may use, and what it leaves behind. */
export interface Run {
  readonly call: PolicyCall;
  readonly meter: Meter;
  readonly journal: RunJournal;
  readonly ledger: EvidenceLedger;
  readonly signal: AbortSignal | undefined;
  /** What a policy is shown. */
  readonly view: PolicyState;
  emit(event: AgentEvent): void;
  note(note: Note): Promise<void>;
  /** @param call the call that it belongs to; absent for remarks */
  record(kind: string, data: unknown, call?: string): Promise<void>;
  /** The node's update, with what it spent, noted and recorded. */
  close(update: RunUpdate): RunUpdate;
}

/** Share of the tokens and the money that is kept for writing while models route, plan and grade. */
const kept = 0.4;

/** Options of {@link openRun}. */
export interface OpenRunOptions {
  /** Set aside what writing needs. @default false */
  reserve?: boolean | undefined;
}

/**
 * Opens a run for one node, from its state alone: so a resumed run goes on as it was.
 *
 * @throws ClewError `invalid-option` when the thread belongs to another scope
 */
export function openRun(
  parts: AgentParts,
  state: RunState,
  config: LangGraphRunnableConfig,
  { reserve = false }: OpenRunOptions = {},
): Run {
  const { scope, runtime, serve, budget, prices, policy } = parts;
  if (state.owner !== scopeKey(scope)) {
    throw new ClewError("invalid-option", "This thread belongs to another scope: use a thread of this scope's own.");
  }
  const spent = meter({ budget: { ...budget, ...state.options?.budget }, runtime, state: state.spent ?? undefined });
  const outputs = keptOutputs(state.run, config);
  const journal = runJournal({ run: state.run, runtime, entries: state.trace, outputs });
  const ledger = evidenceLedger({ records: state.evidence, passages: Object.values(state.passages) });
  const notes: Note[] = [...state.notes];
  const emit = (event: AgentEvent): void => config.writer?.(event);
  const before = spent.usage;
  if (reserve && (serve !== undefined || policy.models !== undefined)) keepForWriting(spent);

  const record = (kind: string, data: unknown, call?: string): Promise<void> => journal.record(kind, plain(data), call);
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
    note: keep,
    names: (role) => parts.names?.(role) ?? false,
    model: async (role) => {
      if (serve === undefined) {
        throw new ClewError(
          "invalid-option",
          `The policy asks for a model as ${role}: give createRetrievalAgent models.`,
        );
      }
      return serve(role, call);
    },
  };
  return {
    call,
    meter: spent,
    journal,
    ledger,
    signal: config.signal,
    view: {
      question: state.routed?.kind === "retrieve" ? state.routed.question : state.question,
      conversation: state.options?.conversation ?? state.conversation ?? [],
      sources: describeSources(parts.sources),
      plan: state.planned,
      evidence: ledger.list(),
      grades: state.grades,
      hops: state.hops,
      ...(state.options?.form === undefined ? {} : { form: state.options.form }),
    },
    emit,
    note: keep,
    record,
    close: (update) => {
      if (spent.usage !== before) emit({ type: "usage", usage: spent.usage });
      return { ...update, notes: [...notes], spent: spent.toJSON(), trace: journal.entries() };
    },
  };
}

/** Plain JSON of a value whose type may hold undefined fields. */
const plain = (data: unknown): JsonValue => JSON.parse(JSON.stringify(data)) as JsonValue;

/** Sets aside a part of what binds, or what is left of it; the reservation ends with the node's meter. */
function keepForWriting(spent: Meter): void {
  const { tokens, usd, calls } = spent.budget;
  spent.reserve({
    ...(tokens === undefined ? {} : { outputTokens: Math.min(Math.ceil(tokens * kept), spent.remaining("tokens")) }),
    ...(usd === undefined ? {} : { usd: Math.min(usd * kept, spent.remaining("usd")) }),
    ...(calls === undefined ? {} : { calls: Math.min(1, spent.remaining("calls")) }),
  });
}
