import { asRecord } from "../kinds/read-json.js";
import type { ModelAnswer, ModelCall, Said } from "./dialect.js";

/** What a server does with something it may not be able to do: does it, takes it and ignores it, or refuses it. */
export type TestAbility = "kept" | "ignored" | "refused";

/** Abilities of a test server's model; what is not named is ignored. */
export interface TestMindOptions {
  /** `refused`: it only completes texts. @default "kept" */
  readonly chat?: "kept" | "refused" | undefined;
  readonly tools?: TestAbility | undefined;
  readonly jsonSchema?: TestAbility | undefined;
  readonly jsonMode?: TestAbility | undefined;
  readonly logprobs?: TestAbility | undefined;
  /** `ignored`: answers come whole. @default "kept" */
  readonly streaming?: TestAbility | undefined;
  /** Usage in streams. @default "kept" */
  readonly streamUsage?: TestAbility | undefined;
  /** Longest limit of tokens that it takes. @default any */
  readonly contextTokens?: number | undefined;
  /** What it writes where no form is asked for, or none is kept. @default a sentence */
  readonly text?: ((call: ModelCall) => string) | undefined;
  /** The object that it writes in a form; undefined for one that fits the schema. @default one that fits the schema */
  readonly object?: ((call: ModelCall, schema: object | undefined) => object | undefined) | undefined;
  /** The name by which it says it served. @default the one asked for */
  readonly model?: string | undefined;
}

/** A model for {@link testModelServer} that can do so much and no more. It is a function of what it is asked. */
export function testMind(options: TestMindOptions = {}): (call: ModelCall) => ModelAnswer {
  const {
    chat = "kept",
    tools = "ignored",
    jsonSchema = "ignored",
    jsonMode = "ignored",
    logprobs = "ignored",
    streaming = "kept",
    streamUsage = "kept",
    contextTokens = Number.POSITIVE_INFINITY,
    text = () => "The thread leads out of the labyrinth.",
    object,
    model,
  } = options;
  const refused = (what: string): ModelAnswer => ({ refused: 400, message: `this server does not support ${what}` });
  const written = (call: ModelCall, schema: object | undefined): Record<string, unknown> =>
    asRecord(object?.(call, schema) ?? sampleOf(schema ?? {})) ?? { answer: "yes" };
  return (call) => {
    const { form, streamed } = call;
    if (chat === "refused" && !call.completion) return refused("chats: the model has no chat template");
    if (streaming === "refused" && streamed) return refused("stream");
    if (streamUsage === "refused" && call.wantsUsage) return refused("stream_options");
    if (call.maxTokens !== undefined && call.maxTokens > contextTokens) {
      return { refused: 400, message: `This model's maximum context length is ${contextTokens} tokens.` };
    }
    if (tools === "refused" && call.tools.length > 0) return refused("tools");
    if (jsonSchema === "refused" && typeof form === "object") return refused("json_schema");
    if (jsonMode === "refused" && form === "json") return refused("json_object");
    if (logprobs === "refused" && call.logprobs) return refused("logprobs");
    const common: Partial<Said> = {
      counted: !(streamed && streamUsage !== "kept"),
      unstreamed: streaming === "ignored",
      logprobs: call.logprobs && logprobs === "kept",
      ...(model === undefined ? {} : { model }),
    };
    const wanted = call.tools.find(({ name }) => call.forced === undefined || name === call.forced);
    if (wanted !== undefined && tools === "kept") {
      return { ...common, toolCall: { name: wanted.name, args: written(call, asRecord(wanted.parameters)) } };
    }
    if (typeof form === "object" && jsonSchema === "kept") {
      return { ...common, text: JSON.stringify(written(call, form.schema)) };
    }
    if (form === "json" && jsonMode === "kept") return { ...common, text: JSON.stringify(written(call, undefined)) };
    return { ...common, text: text(call) };
  };
}

/** A value that fits a JSON schema of plain kinds. */
function sampleOf(schema: object): unknown {
  const { type, properties, items, enum: options } = schema as Record<string, unknown>;
  if (Array.isArray(options)) return options[0];
  switch (Array.isArray(type) ? type[0] : type) {
    case "object":
      return Object.fromEntries(
        Object.entries(asRecord(properties) ?? {}).map(([name, inner]) => [name, sampleOf(asRecord(inner) ?? {})]),
      );
    case "array":
      return [sampleOf(asRecord(items) ?? {})];
    case "integer":
    case "number":
      return 4;
    case "boolean":
      return true;
    default:
      return "red";
  }
}
