import { type Capabilities, ClewError, checkKeys, type Runtime, systemRuntime } from "@clew/core";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage } from "@langchain/core/messages";
import { EndpointModel } from "../endpoint-model.js";
import { emptyDescription } from "../kinds/describe.js";
import { asRecord, asText } from "../kinds/read-json.js";
import { askModel } from "./ask.js";
import { contextOf } from "./context-of.js";
import { findJsonMode, findJsonSchema, findLogprobs, findTools } from "./findings.js";
import { formatProbe } from "./format-probe.js";
import type { Finding, ProbeReport } from "./probe-report.js";

/** Where reports are kept: a Map does, or what reads and writes a file. */
export interface ProbeCache {
  get(key: string): ProbeReport | undefined | Promise<ProbeReport | undefined>;
  set(key: string, report: ProbeReport): unknown;
}

/** Options of {@link probe}. */
export interface ProbeOptions {
  readonly signal?: AbortSignal | undefined;
  /** A report that it holds for this endpoint is taken as it is. @default none */
  readonly cache?: ProbeCache | undefined;
  readonly runtime?: Runtime | undefined;
}

const greeting = "Reply with these words and nothing else: the thread leads out of the labyrinth.";
const few = { maxTokens: 24, temperature: 0 };

/**
 * Finds out what a model can do, by what it does: its name decides nothing, nor what its server says of it. It takes at
 * most 12 calls of few tokens. Works with any LangChain chat model; of an endpoint it also learns whether it only
 * completes texts, its context, revision and adapters.
 *
 * @throws ClewError `service-refused`, `missing-key`; `model-failed` or `not-found` where the model answers in no way;
 *   the signal's reason
 */
export async function probe(model: BaseChatModel, options: ProbeOptions = {}): Promise<ProbeReport> {
  checkKeys("probe", options, ["signal", "cache", "runtime"]);
  const { signal, cache, runtime = systemRuntime } = options;
  signal?.throwIfAborted();
  const key = probeKey(model);
  const kept = await cache?.get(key);
  if (kept !== undefined) return kept;
  const report = await examine(model, signal, runtime);
  await cache?.set(key, report);
  return report;
}

/** The name under which a cache keeps the report of a model. */
export function probeKey(model: BaseChatModel): string {
  if (!EndpointModel.isInstance(model)) return `${model._llmType()} ${nameOf(model)}`;
  const { kind, baseURL, model: name, api } = model.endpoint;
  return [kind, baseURL, name, api].join(" ");
}

async function examine(given: BaseChatModel, signal: AbortSignal | undefined, runtime: Runtime): Promise<ProbeReport> {
  // what was declared is put aside: it would be found again
  const endpoint = EndpointModel.isInstance(given) ? (given.vary({ capabilities: {} }) ?? given) : undefined;
  const about = endpoint === undefined ? emptyDescription : await endpoint.describe({ signal });
  let calls = about.asked.length;
  const ask: typeof askModel = (...asked) => {
    calls += 1;
    return askModel(...asked);
  };
  const { model, chat, streaming, streamUsage, served } = await meet(endpoint ?? given, endpoint, ask, signal);
  const api = EndpointModel.isInstance(model) ? model.endpoint.api : "chat";
  const tools: Finding =
    api === "completions"
      ? { answer: "no", evidence: "a text that is completed has no tools" }
      : await findTools(model, ask, signal);
  const jsonSchema = await findJsonSchema(model, ask, signal);
  const jsonMode = await findJsonMode(model, ask, signal);
  const logprobs = await findLogprobs(model, ask, signal);
  const context =
    about.contextTokens === undefined
      ? await contextOf(model, ask, signal)
      : { tokens: about.contextTokens, evidence: "the server tells" };
  const abilities = { chat, streaming, streamUsage, tools, jsonSchema, jsonMode, logprobs };
  const report: Omit<ProbeReport, "text"> = {
    version: 1,
    at: runtime.now(),
    kind: endpoint?.endpoint.kind ?? given._llmType(),
    model: nameOf(given),
    baseURL: endpoint?.endpoint.baseURL ?? null,
    api,
    served,
    revision: about.revision ?? null,
    server: about.server ?? null,
    abilities,
    contextTokens: context.tokens,
    contextEvidence: context.evidence,
    adapters: about.adapters.map(({ name, base }) => ({ name, base: base ?? null })),
    calls,
    capabilities: capabilitiesOf(abilities, context.tokens),
  };
  return { ...report, text: formatProbe(report) };
}

/** The first answer: how the model has to be spoken to. */
async function meet(
  given: BaseChatModel,
  endpoint: EndpointModel | undefined,
  ask: typeof askModel,
  signal: AbortSignal | undefined,
) {
  const spoken = endpoint?.endpoint.api ?? "chat";
  const told: Finding = { answer: "yes", evidence: "it answers messages" };
  const untold: Finding = { answer: "unknown", evidence: "it is spoken to in completed texts, as its options say" };
  const chat = spoken === "chat" ? told : untold;
  const first = await ask(given, greeting, { streamed: true, signal, options: few, first: true });
  if (first.kind === "answered") return { model: given, chat, ...streamOf(first) };
  const whole = await ask(given, greeting, { signal, options: few });
  if (whole.kind === "answered") {
    // it answers, but not in this kind of stream: what it may have minded is being asked for usage
    const plain = endpoint?.vary({ streamUsage: false });
    const again =
      plain === undefined ? undefined : await ask(plain, greeting, { streamed: true, signal, options: few });
    if (plain !== undefined && again?.kind === "answered") {
      return {
        model: plain,
        chat,
        ...streamOf(again),
        streamUsage: { answer: "no", evidence: first.why } satisfies Finding,
      };
    }
    const streaming: Finding = { answer: first.kind === "refused" ? "no" : "unknown", evidence: first.why };
    return {
      model: given,
      chat,
      streaming,
      streamUsage: { answer: streaming.answer, evidence: "it does not stream" } satisfies Finding,
      served: servedBy(whole.message),
    };
  }
  const completing = spoken === "chat" ? endpoint?.vary({ api: "completions" }) : undefined;
  const completed =
    completing === undefined ? undefined : await ask(completing, greeting, { streamed: true, signal, options: few });
  if (completing !== undefined && completed?.kind === "answered") {
    return {
      model: completing,
      chat: { answer: whole.kind === "refused" ? "no" : "unknown", evidence: whole.why } satisfies Finding,
      ...streamOf(completed),
    };
  }
  throw new ClewError(
    "model-failed",
    `${endpoint === undefined ? given._llmType() : `${endpoint.endpoint.kind}:${endpoint.model}`} answers in no way that was tried: check model, baseURL and kind. (${whole.why})`,
  );
}

function streamOf({ message, pieces }: Extract<Awaited<ReturnType<typeof askModel>>, { kind: "answered" }>) {
  const { usage_metadata: usage } = message as { usage_metadata?: { output_tokens?: number } | undefined };
  const streaming: Finding =
    pieces > 1
      ? { answer: "yes", evidence: `${pieces} pieces` }
      : { answer: "no", evidence: `the answer came in ${pieces === 1 ? "one piece" : "no piece"}` };
  const streamUsage: Finding =
    streaming.answer === "no"
      ? { answer: "no", evidence: "it does not stream" }
      : usage === undefined
        ? { answer: "no", evidence: "the stream ends without a count" }
        : { answer: "yes", evidence: `${usage.output_tokens ?? 0} tokens counted` };
  return { streaming, streamUsage, served: servedBy(message) };
}

/** The name by which the server says it served; null where it gave none. */
function servedBy({ response_metadata = {} }: Pick<AIMessage, "response_metadata">): string | null {
  const served = asRecord(response_metadata.served);
  if (served !== undefined) return served.told === true ? (asText(served.model) ?? null) : null;
  return asText(response_metadata.model_name) ?? null;
}

function capabilitiesOf(
  { streamUsage, tools, jsonSchema, jsonMode, logprobs }: ProbeReport["abilities"],
  contextTokens: number | null,
): Capabilities {
  const known = Object.entries({ streamUsage, tools, jsonSchema, jsonMode, logprobs }).flatMap(([name, { answer }]) =>
    answer === "unknown" ? [] : [[name, answer === "yes"] as const],
  );
  return { ...Object.fromEntries(known), ...(contextTokens === null ? {} : { contextTokens }) };
}

function nameOf(model: BaseChatModel): string {
  const { model: name, modelName } = model as { model?: unknown; modelName?: unknown };
  return asText(name) ?? asText(modelName) ?? model._llmType();
}
