import {
  type Budget,
  ClewError,
  type EvidenceLedger,
  evidenceLedger,
  type Meter,
  meter,
  type Note,
  type Outbound,
  type Policy,
  type PolicyCall,
  type PolicyState,
  type Prices,
  type RedactText,
  type Runtime,
  type Scope,
  type ServedModel,
  type TraceStore,
  type Usage,
} from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentEvent } from "../agent-event.js";
import type { ApprovalPoint } from "../approval.js";
import type { ServeModel } from "../models.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { spansOf } from "../telemetry/traced.js";
import { checkOwner } from "./check-owner.js";
import { heardBefore } from "./heard-before.js";
import { keptOutputs } from "./kept-outputs.js";
import { openRunsOf } from "./open-runs.js";
import { recordServed } from "./record-served.js";
import type { RecordedRun } from "./recorded-run.js";
import { openDeadline, type RunDeadline } from "./run-deadline.js";
import { type RunJournal, runJournal } from "./run-journal.js";
import { plain, runNotes } from "./run-notes.js";
import type { RunState, RunUpdate } from "./run-state.js";
import { type AgentSource, describeSources } from "./sources.js";
import { stoppedMeter } from "./stopped-meter.js";

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
  /** Where runs show. */
  readonly telemetry?: Telemetry | undefined;
  /** What may leave this machine. */
  readonly outbound?: Outbound | undefined;
  /** Keeps the record of each run. */
  readonly traces?: TraceStore | undefined;
  /** Changes texts before they enter the record. */
  readonly redact?: RedactText | undefined;
  /** Compares queries. */
  readonly analyzer: Analyzer;
  /** Whether each question is looked up, whatever it sounds like. @default the policy decides */
  readonly lookUp?: true | undefined;
  /** A record, for a run that is made again from it. */
  readonly recorded?: RecordedRun | undefined;
}

/** One node's hold on a run: what it may use, and what it leaves behind. */
export interface Run {
  /** The node, and which of its visits this is: of this name there is one in a run. */
  readonly node: string;
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
  /** Starts the deadline of the node's work: what is left of the run's time. */
  deadline(): RunDeadline;
  /** Decides by the meter, its clock read once and recorded, where there is a limit of ms. Once in a node. */
  decide<T>(decision: (meter: Meter) => T): Promise<T>;
  /** What the run has spent so far; recorded where that has changed. */
  tally(): Usage;
  /** The node's update, with what it spent, noted and recorded. */
  close(update: RunUpdate): RunUpdate;
}

/** Share of the tokens and the money that is kept for writing while models route, plan and grade. */
const kept = 0.4;

/** Options of {@link openRun}. */
export interface OpenRunOptions {
  readonly node: string;
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
  { node: name, reserve = false }: OpenRunOptions,
): Run {
  const { scope, runtime, serve, budget, prices, policy, recorded } = parts;
  const node = `${name}/${state.hops.at(-1)?.hop ?? 0}/${state.attempts.length}`;
  checkOwner(state, scope);
  openRunsOf(parts, config)?.saw({ run: state.run, entries: state.trace, heard: heardBefore(state) });
  // what is kept for writing is kept whatever the time, so that a replay keeps the same
  let opening = false;
  const spent = meter({
    budget: { ...budget, ...state.options?.budget },
    runtime: { ...runtime, now: () => (opening ? 0 : runtime.now()) },
    state: state.spent ?? undefined,
  });
  const outputs = recorded?.outputs ?? keptOutputs(state.run, config);
  const journal = runJournal({ run: state.run, runtime, entries: state.trace, outputs });
  const ledger = evidenceLedger({ records: state.evidence, passages: Object.values(state.passages) });
  const emit = (event: AgentEvent): void => config.writer?.(event);
  const before = spent.usage;
  let tallied = before;
  opening = true;
  if (reserve && (serve !== undefined || policy.models !== undefined)) keepForWriting(spent);
  opening = false;

  const record = (kind: string, data: unknown, call?: string): Promise<void> => journal.record(kind, plain(data), call);
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
    spans: spansOf(parts, config),
    outbound: parts.outbound,
    note: notes.keep,
    names: (role) => parts.names?.(role) ?? false,
    model: async (role, own) => {
      if (recorded === undefined) return recordServed(role, journal, () => own?.() ?? served(role));
      return recordServed(role, journal, async () => {
        const { served: again, lines } = recorded.served(role);
        for (const { kind, data, call: id } of lines) await journal.record(kind, data, id);
        return again;
      });
    },
  };
  const served = async (role: string): Promise<ServedModel> => {
    if (serve === undefined) {
      throw new ClewError(
        "invalid-option",
        `The policy asks for a model as ${role}: give createRetrievalAgent models.`,
      );
    }
    return serve(role, call);
  };
  const tally = (): Usage => {
    const usage =
      recorded === undefined ? spent.usage : (recorded.spent(node) ?? (tallied === before ? spent.usage : tallied));
    const changed = usageKeys.some((key) => usage[key] !== tallied[key]);
    tallied = usage;
    if (changed) void record("spent", { node, usage });
    return usage;
  };
  const run: Omit<Run, "deadline"> = {
    node,
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
    note: notes.keep,
    record,
    decide: async (decision) => {
      if (spent.budget.ms === undefined) return decision(spent);
      const ms = recorded?.clock(node) ?? spent.elapsedMs;
      await record("clock", { node, ms });
      return decision(stoppedMeter(spent, ms));
    },
    tally,
    close: (update) => {
      const usage = tally();
      if (spent.usage !== before) emit({ type: "usage", usage });
      const trace = journal.entries();
      recorded?.check(trace);
      return { ...update, notes: notes.list(), spent: { ...spent.toJSON(), usage }, trace };
    },
  };
  return { ...run, deadline: () => openDeadline(run, recorded) };
}

const usageKeys = ["inputTokens", "outputTokens", "calls", "usd"] as const;

/** Sets aside a part of what binds, or what is left of it; the reservation ends with the node's meter. */
function keepForWriting(spent: Meter): void {
  const { tokens, usd, calls } = spent.budget;
  spent.reserve({
    ...(tokens === undefined ? {} : { outputTokens: Math.min(Math.ceil(tokens * kept), spent.remaining("tokens")) }),
    ...(usd === undefined ? {} : { usd: Math.min(usd * kept, spent.remaining("usd")) }),
    ...(calls === undefined ? {} : { calls: Math.min(1, spent.remaining("calls")) }),
  });
}
