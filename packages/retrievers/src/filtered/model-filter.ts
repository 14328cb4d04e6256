import {
  askJson,
  type Call,
  type Capabilities,
  fenceTexts,
  type MetadataField,
  modelCall,
  type Note,
  type Runtime,
  servedAs,
  type Usage,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { WrittenCondition } from "./condition.js";

/** Options of {@link modelFilter}. */
export interface ModelFilterOptions {
  readonly model: BaseChatModel;
  readonly capabilities: Capabilities;
  readonly fields: readonly MetadataField[];
  readonly runtime: Runtime;
  readonly signal: AbortSignal | undefined;
  readonly call: Call | undefined;
  readonly config: RunnableConfig | undefined;
}

/** What a model wrote; conditions are undefined where it failed, and `reason` says why. */
export interface ModelFilter {
  readonly conditions: readonly WrittenCondition[] | undefined;
  /** The question without what became conditions. */
  readonly query: string | undefined;
  readonly reason: string;
  readonly usage: Usage;
  readonly notes: readonly Note[];
}

const maxTokens = 600;
const examplesShown = 12;
const longestExample = 60;

const value = { anyOf: [{ type: "string" }, { type: "number" }, { type: "boolean" }] };
const schema = {
  type: "object",
  properties: {
    conditions: {
      type: "array",
      items: {
        type: "object",
        properties: {
          field: { type: "string" },
          op: { type: "string", enum: ["eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "exists"] },
          value: { anyOf: [...value.anyOf, { type: "array", items: value }] },
        },
        required: ["field", "op", "value"],
        additionalProperties: false,
      },
    },
    query: { type: ["string", "null"] },
  },
  required: ["conditions", "query"],
  additionalProperties: false,
};

const task =
  "You read conditions on the metadata of documents out of a question. Use only fields that are listed, and for a field " +
  "whose values are all listed only those. Take only what the question itself says of the documents it asks for: not what " +
  "it says of their subject, and nothing that it leaves open. All conditions hold at once; `in` takes a list. A question " +
  "without such conditions has none: an empty list. `query` is the question without the words that became conditions, or null.";

/** Lets a model write conditions for a question. Fields, examples and the question are fenced: none of them is trusted. */
export async function modelFilter(question: string, options: ModelFilterOptions): Promise<ModelFilter> {
  const { model, capabilities, fields, runtime, signal, call, config } = options;
  const lines = fields.map(lineOf).join("\n");
  const { texts, instructions } = fenceTexts(
    [
      { name: "fields", text: lines },
      { name: "question", text: question },
    ],
    { runtime },
  );
  const today = new Date(runtime.now()).toISOString().slice(0, 10);
  const own = modelCall({ call, signal, config, runtime });
  const answer = await askJson(own, {
    role: "metadata_filter",
    node: "metadata_filter",
    branch: contentHash(JSON.stringify([question, lines])),
    served: servedAs(model),
    capabilities,
    prompt: task,
    system: `${task} ${instructions} Today is ${today}.`,
    user: texts.join("\n\n"),
    shape: schema,
    read: readAnswer,
    maxTokens,
  });
  const spent = { usage: own.usage(), notes: own.notes };
  if (answer.kind === "value") return { ...answer.value, reason: "", ...spent };
  const reason = answer.kind === "refused" ? `the limit of ${answer.limits.join(", ")} leaves no room` : answer.reason;
  return { conditions: undefined, query: undefined, reason, ...spent };
}

function lineOf({ name, types, count, examples }: MetadataField): string {
  const shown = examples.slice(0, examplesShown).map((one) => {
    const text = JSON.stringify(one);
    return text.length > longestExample ? `${text.slice(0, longestExample)}…` : text;
  });
  const more = examples.length > shown.length ? ", …" : "";
  return `${JSON.stringify(name)} (${types.join(" or ")}, in ${count} sources): ${shown.join(", ")}${more}`;
}

type Answer = { readonly conditions: readonly WrittenCondition[]; readonly query: string | undefined };

function readAnswer(answer: unknown): { readonly value: Answer } | { readonly wrong: string } {
  if (!isRecord(answer) || !Array.isArray(answer.conditions)) return { wrong: "conditions: a list" };
  const { query = null } = answer;
  if (query !== null && typeof query !== "string") return { wrong: "query: a text or null" };
  const conditions: WrittenCondition[] = [];
  for (const [index, one] of (answer.conditions as readonly unknown[]).entries()) {
    if (!isRecord(one) || typeof one.field !== "string" || typeof one.op !== "string" || !("value" in one)) {
      return { wrong: `conditions.${index}: field, op and value` };
    }
    conditions.push({ field: one.field, op: one.op, value: one.value });
  }
  return { value: { conditions, query: query === null || query.trim() === "" ? undefined : query.trim() } };
}

const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === "object" && given !== null;
