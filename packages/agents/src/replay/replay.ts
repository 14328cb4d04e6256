import {
  type Answer,
  ClewError,
  checkKeys,
  invalidOption,
  type Policy,
  type Retriever,
  type Runtime,
  type Scope,
  type StructuredAnswer,
  scope,
  type Trace,
  type WriterForm,
} from "@clew/core";
import { analyzer } from "@clew/core/text";
import type { z } from "zod/v4";
import { buildGraph } from "../graph/build-graph.js";
import type { AgentParts } from "../graph/run.js";
import type { RunInputs } from "../graph/run-inputs.js";
import { formOf } from "../structured/form-of.js";
import { leafCheck } from "../structured/leaf-check.js";
import { structuredAnswer } from "../structured/structured-answer.js";
import { readRecord } from "./read-record.js";
import { replayPolicy } from "./replay-policy.js";

/** Options of a replay: what a record cannot hold, since it is code. */
export interface ReplayOptions {
  /** The policy of the run, where it is none of this library's, or has an analyzer of its own. @default made again by its id */
  policy?: Policy | undefined;
  /** Forms of the writers that had one, by id. @default the library's own form alone */
  forms?: Readonly<Record<string, WriterForm>> | undefined;
  /** Rejects with its reason when aborted. */
  signal?: AbortSignal | undefined;
}

/** Options of a replay of an answer that was asked for with a schema. */
export interface ReplayWithSchemaOptions<S extends z.core.$ZodType> extends ReplayOptions {
  /** The schema, for `value` and `valid`: without it the answer comes back with its `fields`. */
  schema: S;
}

/** LangGraph's own. */
const defaultLimit = 25;
/** Supersteps that a run made beyond its limit: waiting for a person begins the count anew. */
const stepsMore = 10;
const replayKeys = ["policy", "forms", "signal", "schema"];

/**
 * Makes the answer of a run again from its record: the same graph, policy and verification over the recorded outputs
 * of models and searches, decisions of people and times at which a limit was reached. It asks no model, no source and
 * no clock. What comes back is the answer byte for byte, as its JSON text; each line that the replay writes is held
 * against the record, which holds a hash of the answer too.
 *
 * @throws ClewError `trace-damaged` where the trace was altered or is not that of a whole run; `not-replayable` for a run that stopped
 *   before its end, and for a report, whose sections have records of their own; `trace-erased` and
 *   `trace-redacted` where texts are gone; `replay-diverged` where it comes to another line, which it names;
 *   `invalid-option`; the signal's reason
 */
export function replay<S extends z.core.$ZodType>(
  trace: Trace,
  options: ReplayWithSchemaOptions<S>,
): Promise<StructuredAnswer<z.core.output<S>>>;
export function replay(trace: Trace, options?: ReplayOptions): Promise<Answer>;
export async function replay(
  trace: Trace,
  options: ReplayOptions & { readonly schema?: z.core.$ZodType | undefined } = {},
): Promise<Answer> {
  checkKeys("replay", options, replayKeys);
  const { policy, forms = {}, signal, schema } = options;
  signal?.throwIfAborted();
  const recorded = readRecord(trace, forms);
  const inputs = recorded.inputs as unknown as RunInputs;
  const { form } = inputs.options;
  if (schema !== undefined && JSON.stringify(formOf(schema)) !== JSON.stringify(form)) {
    throw invalidOption("schema", "the one that the question was asked with, or left out");
  }
  const parts = partsOf(inputs, replayPolicy(inputs.policy, policy), recorded);
  const { answer } = await buildGraph(parts).invoke(
    { question: inputs.question, options: { ...inputs.options, conversation: inputs.conversation } },
    {
      recursionLimit: (inputs.recursionLimit ?? defaultLimit) + stepsMore,
      ...(signal === undefined ? {} : { signal }),
      ...(schema === undefined ? {} : { context: { checkLeaf: leafCheck(schema) } }),
    },
  );
  if (answer === null) throw new ClewError("replay-diverged", "The replay ended without an answer.");
  return schema === undefined || form === undefined ? answer : structuredAnswer(answer, schema, form);
}

function partsOf(inputs: RunInputs, policy: Policy, recorded: ReturnType<typeof readRecord>): AgentParts {
  const { tenant, principals } = inputs.scope;
  const who = principals === undefined ? scope(tenant) : scope(tenant, { principals });
  return {
    sources: inputs.sources.map(({ name, about, kind }) => ({
      ...(name === undefined ? {} : { name }),
      about,
      retriever: nobodysRetriever(kind, who),
    })),
    scope: who,
    policy,
    // tells only that there are models: which they were is in the record
    ...(inputs.models || inputs.policy.models !== undefined ? { serve: () => Promise.reject(asked("a model")) } : {}),
    names: (role) => ((inputs.policy.settings?.names ?? inputs.names) as readonly string[]).includes(role),
    budget: inputs.budget,
    prices: inputs.prices,
    k: inputs.k,
    timeoutMs: inputs.timeoutMs,
    runtime: recordedRuntime(recorded),
    approve: new Set(inputs.approve),
    analyzer: analyzer(),
    lookUp: inputs.lookUp,
    recorded,
  };
}

const asked = (what: string): ClewError =>
  new ClewError("replay-diverged", `The replay asks ${what}, which the recorded run did not.`);

/** Stands where a source stood; it is never asked. */
const nobodysRetriever = (kind: string, who: Scope): Retriever =>
  ({ kind, scope: who, search: () => Promise.reject(asked(`the source "${kind}"`)) }) as unknown as Retriever;

/** The clock of the record. Chance decides nothing but the markers of prompts that are not sent. */
function recordedRuntime({ run, now }: ReturnType<typeof readRecord>): Runtime {
  let drawn = 0;
  return {
    now,
    id: () => run,
    random: () => {
      drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648;
      return drawn / 2_147_483_648;
    },
  };
}
