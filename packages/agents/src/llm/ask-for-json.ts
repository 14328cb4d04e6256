import { type Capabilities, note, type PolicyCall, type ServedModel } from "@clew/core";
import type { z } from "zod/v4";
import { callModel, type ModelRequest, type Streams } from "./call-model.js";
import { extractJson } from "./extract-json.js";
import { jsonSchemaOf } from "./schemas.js";

/** A way of getting JSON out of a model, from the strictest to the one that any model can do. */
export type JsonMethod = "jsonSchema" | "tool" | "jsonMode" | "prompted";

/** What is asked, and in what form the answer must come. */
export interface JsonQuestion<T> {
  readonly role: string;
  /** Where in the run it is asked. */
  readonly node: string;
  readonly branch: string;
  readonly system: string;
  readonly user: string;
  readonly schema: z.ZodType<T>;
  readonly served: ServedModel;
  readonly capabilities: Capabilities;
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
function methodsFor({ jsonSchema, tools, jsonMode }: Capabilities, canBindTools: boolean): JsonMethod[] {
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
 * Asks a model for an object: the answer is always validated here, whatever the provider promises. An answer that does
 * not fit is sent back once with what is wrong in it; a method that fails gives way to the next, with a note.
 */
export async function askForJson<T>(call: PolicyCall, question: JsonQuestion<T>): Promise<JsonAnswer<T>> {
  const { role, node, branch, system, served, schema, maxTokens } = question;
  const shape = jsonSchemaOf(schema);
  const methods = methodsFor(question.capabilities, typeof served.model.bindTools === "function");
  let ordinal = 0;
  let user = question.user;
  let reason = "";
  let repaired = false;
  let cut = false;
  for (let at = 0; at < methods.length; ) {
    const method = methods[at]!;
    const form = { method, bind: (model: ServedModel["model"]): Streams => bindForm(model, method, role, shape) };
    const asked = method === "tool" ? system : `${system}\n\n${asJson(shape)}`;
    const request: ModelRequest = {
      role,
      served,
      site: { node, branch, ordinal: ordinal++ },
      system: asked,
      user,
      form,
      maxTokens,
    };
    const reply = await callModel(call, request);
    if (reply.kind === "refused") return reply;
    if (reply.kind === "failed") {
      reason = reply.reason;
      at += 1;
      if (at < methods.length) {
        await call.note?.(
          note("fell-back", `${served.served} failed as ${role} with ${method} (${reason}); ${methods[at]} is tried.`),
        );
      }
      continue;
    }
    const parsed = schema.safeParse(reply.args ?? extractJson(reply.text, question.user));
    if (parsed.success) {
      if (repaired) {
        const why = cut ? ": the first was cut at its limit of tokens" : "";
        await call.note?.(note("repaired", `The ${role}'s answer was asked for a second time${why}.`, { role, cut }));
      }
      return { kind: "value", value: parsed.data };
    }
    reason =
      reply.cut === undefined
        ? "its answer is not of the form asked for"
        : `its answer was cut at its limit of tokens (${reply.cut})`;
    if (repaired) break;
    repaired = true;
    cut = reply.cut !== undefined;
    const problems = parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join(".") || "answer"}: ${message}`);
    const wrong = cut
      ? "Your last answer was too long and was cut off. Answer again, in that form only, in fewer words."
      : `Your last answer was not of the form asked for (${problems.join("; ")}). Answer again, in that form only.`;
    user = `${question.user}\n\n${wrong}`;
    // the model that did not call its tool is asked in words
    if (method === "tool" && reply.args === undefined && !cut) at = methods.length - 1;
  }
  return { kind: "failed", reason };
}

const asJson = (shape: object): string =>
  `Answer with one JSON object and nothing else. Its JSON schema:\n${JSON.stringify(shape)}`;

function bindForm(
  model: ServedModel["model"],
  method: JsonMethod,
  role: string,
  shape: Record<string, unknown>,
): Streams {
  const name = `${role}_answer`;
  switch (method) {
    case "jsonSchema":
      return model.withConfig({
        response_format: { type: "json_schema", json_schema: { name, strict: true, schema: shape } },
      } as object);
    case "tool":
      return model.bindTools!(
        [{ type: "function", function: { name, description: "Gives the answer.", parameters: shape } }],
        { tool_choice: name } as object,
      );
    case "jsonMode":
      return model.withConfig({ response_format: { type: "json_object" } } as object);
    case "prompted":
      return model;
  }
}
