import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Capabilities } from "../agent/capabilities.js";
import type { ServedModel } from "../agent/model-source.js";
import { note } from "../run/note.js";
import { callModel, type ModelRequest } from "./call-model.js";
import { extractJson } from "./extract-json.js";
import type { ModelCall } from "./model-call.js";
import type { Streams } from "./reply-form.js";

/** A way of getting JSON out of a model, from the strictest to the one that any model can do. */
export type JsonMethod = "jsonSchema" | "tool" | "jsonMode" | "prompted";

/** What is asked, and in what form the answer must come. */
export interface JsonQuestion<T>
  extends Pick<ModelRequest, "prompt" | "passages" | "minTokens" | "timeoutMs" | "maxRetries"> {
  readonly role: string;
  /** Where in the run it is asked. */
  readonly node: string;
  readonly branch: string;
  readonly system: string;
  readonly user: string;
  /** JSON schema of the answer: fields required or nullable, as strict servers want them. */
  readonly shape: Readonly<Record<string, unknown>>;
  /** The answer, or what is wrong with it. */
  readonly read: (answer: unknown) => { readonly value: T } | { readonly wrong: string };
  readonly served: ServedModel;
  /** @default those of the served model, else unknown: found out by trying */
  readonly capabilities?: Capabilities | undefined;
  readonly maxTokens: number;
}

/** The answer, or why there is none. */
export type JsonAnswer<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "refused"; readonly limits: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * The methods to try, in order. What the model is known to do best comes first, and alone; of what is unknown, tool
 * calls, then JSON mode; prompting works with every model.
 */
function methodsFor({ jsonSchema, tools, jsonMode }: Capabilities, canBindTools: boolean): readonly JsonMethod[] {
  if (jsonSchema === true) return ["jsonSchema", "prompted"];
  if (tools === true && canBindTools) return ["tool", "prompted"];
  if (jsonMode === true) return ["jsonMode", "prompted"];
  return [
    ...(tools === undefined && canBindTools ? (["tool"] as const) : []),
    ...(jsonMode === undefined ? (["jsonMode"] as const) : []),
    "prompted",
  ];
}

/**
 * Asks a model for an object: the answer is always validated by `read`, whatever the provider promises. An answer that
 * does not fit is sent back once with what is wrong in it; a method that fails gives way to the next, with a note, unless
 * the service is down. Each request is one of {@link callModel}.
 *
 * @throws what {@link callModel} throws
 */
export async function askJson<T>(call: ModelCall, question: JsonQuestion<T>): Promise<JsonAnswer<T>> {
  const {
    role,
    node,
    branch,
    system,
    served,
    shape,
    read,
    maxTokens,
    prompt,
    passages,
    minTokens,
    timeoutMs,
    maxRetries,
  } = question;
  const capabilities = question.capabilities ?? served.capabilities ?? {};
  const methods = methodsFor(capabilities, typeof served.model.bindTools === "function");
  const tool = `${role}_answer`;
  const schemaText = JSON.stringify(shape);
  let ordinal = 0;
  let user = question.user;
  let reason = "";
  let repaired = false;
  let cut = false;
  for (let at = 0; at < methods.length; ) {
    const method = methods[at]!;
    const reply = await callModel(call, {
      role,
      served: { ...served, capabilities },
      site: { node, branch, ordinal: ordinal++ },
      prompt: prompt ?? system,
      passages,
      system: method === "tool" ? system : `${system}\n\n${inWords(schemaText)}`,
      user,
      form: {
        method,
        bind: (model) => bindForm(model, method, tool, shape),
        tool: method === "tool" ? tool : undefined,
        promptText: method === "tool" || method === "jsonSchema" ? schemaText : "",
      },
      maxTokens,
      minTokens,
      timeoutMs,
      maxRetries,
    });
    if (reply.kind === "refused") return reply;
    if (reply.kind === "failed") {
      reason = reply.reason;
      if (reply.hopeless === true) break;
      at += 1;
      if (at < methods.length) {
        await call.note?.(
          note("fell-back", `${served.served} failed as ${role} with ${method} (${reason}); ${methods[at]} is tried.`),
        );
      }
      continue;
    }
    const answer = read(reply.args ?? extractJson(reply.text, question.user));
    if ("value" in answer) {
      if (repaired) {
        const why = cut ? ": the first was cut at its limit of tokens" : "";
        await call.note?.(note("repaired", `The ${role}'s answer was asked for a second time${why}.`, { role, cut }));
      }
      return { kind: "value", value: answer.value };
    }
    reason =
      reply.cut === undefined
        ? "its answer is not of the form asked for"
        : `its answer was cut at its limit of tokens (${reply.cut})`;
    if (repaired) break;
    repaired = true;
    cut = reply.cut !== undefined;
    const wrong = cut
      ? "Your last answer was too long and was cut off. Answer again, in that form only, in fewer words."
      : `Your last answer was not of the form asked for (${answer.wrong}). Answer again, in that form only.`;
    user = `${question.user}\n\n${wrong}`;
    // the model that did not call its tool is asked in words
    if (method === "tool" && reply.args === undefined && !cut) at = methods.length - 1;
  }
  return { kind: "failed", reason };
}

const inWords = (schema: string): string => `Answer with one JSON object and nothing else. Its JSON schema:\n${schema}`;

function bindForm(
  model: BaseChatModel,
  method: JsonMethod,
  name: string,
  schema: Readonly<Record<string, unknown>>,
): Streams {
  switch (method) {
    case "jsonSchema":
      return model.withConfig({
        response_format: { type: "json_schema", json_schema: { name, strict: true, schema } },
      } as object);
    case "tool":
      return model.bindTools!(
        [{ type: "function", function: { name, description: "Gives the answer.", parameters: schema } }],
        { tool_choice: name } as object,
      );
    case "jsonMode":
      return model.withConfig({ response_format: { type: "json_object" } } as object);
    case "prompted":
      return model;
  }
}
