import {
  type ExtractEvent,
  type FieldDraft,
  type JsonAnswer,
  note,
  type ObjectForm,
  type PolicyCall,
  type PolicyState,
  type RefusedField,
  renderEvidence,
} from "@clew/core";
import { askForJson } from "../llm/ask-for-json.js";
import { compose, type PromptPart, turnsAsText } from "../llm/compose.js";
import { passagesOf } from "../llm/passages-of.js";
import { draftSchema } from "./draft-schema.js";
import { extractFields } from "./extract-fields.js";
import { fieldsAsText, labelOf, leafAt } from "./leaves-of.js";
import { pathOf } from "./pointer.js";

/** How a model is asked for fields. */
export interface FieldsRequest {
  readonly system: string;
  readonly maxTokens: number;
  /** Most characters of evidence. */
  readonly maxChars: number;
}

/** Evidence is halved so often when the budget is too small for all of it. */
const shrinks = 4;

/**
 * Asks the writer to fill a form in, or to give refused leaves once more. Where no answer of it can be used, or the
 * budget has no room for it, code looks the values up, with a note; leaves that were refused before stay as they are then.
 */
export async function* askForFields(
  state: PolicyState,
  refused: readonly RefusedField[],
  call: PolicyCall,
  request: FieldsRequest,
): AsyncGenerator<ExtractEvent> {
  if (state.form === undefined || state.evidence.length === 0) return;
  const again = refused.length > 0;
  const role = again ? "repair" : "writer";
  const { form, named } = again ? formOfRefused(state.form, refused) : { form: state.form, named: undefined };
  const { schema, drafts } = draftSchema(form);
  const wrong = refused.map(
    ({ path, value, reasons }) => `- ${nameOf(path, named)}: ${JSON.stringify(value)}. ${reasons.join(" ")}`,
  );
  const answer = await ask(state, call, request, role, schema, [
    ["Conversation", turnsAsText(state.conversation), "untrusted"],
    ["Question", state.question, "question"],
    ["Fields", fieldsAsText(form), "own"],
    ["Values that were refused", wrong.join("\n"), "untrusted"],
  ]);
  if (answer.kind === "value") {
    for (const field of drafts(answer.value)) {
      yield { type: "field", field: named === undefined ? field : renamed(field, named) };
    }
    return;
  }
  const limits = answer.kind === "refused" ? [...answer.limits] : [];
  const otherwise = again ? "what was refused stays empty" : "code looks the values up";
  yield {
    type: "note",
    note:
      answer.kind === "refused"
        ? note("budget-reached", `The limit of ${limits.join(", ")} leaves no room for the ${role}; ${otherwise}.`, {
            limits,
          })
        : note("fell-back", `The ${role} could not be used (${answer.reason}); ${otherwise}.`, { role }),
  };
  if (!again) yield* extractFields(state, [], call);
}

async function ask<T>(
  state: PolicyState,
  call: PolicyCall,
  { system, maxTokens, maxChars }: FieldsRequest,
  role: "writer" | "repair",
  schema: Parameters<typeof askForJson<T>>[1]["schema"],
  parts: readonly PromptPart[],
): Promise<JsonAnswer<T>> {
  const served = await call.model(role);
  let answer: JsonAnswer<T> = { kind: "refused", limits: [] };
  for (let shrink = 0; shrink < shrinks && answer.kind === "refused"; shrink++) {
    const { text, instructions, shown, notes } = renderEvidence(state.evidence, {
      runtime: call.runtime,
      maxChars: Math.max(1, Math.floor(maxChars / 2 ** shrink)),
    });
    if (shown.length === 0) return shrink > 0 ? answer : { kind: "failed", reason: "no evidence fits into its prompt" };
    const { user, rules, notes: changes } = compose(call.runtime, ...parts, ["Evidence", text, "own"]);
    answer = await askForJson(call, {
      role,
      node: role,
      branch: `fields ${state.hops.at(-1)?.hop ?? 0}/${shrink}`,
      prompt: system,
      system: [system, rules, instructions].filter((rule) => rule !== "").join("\n\n"),
      user,
      passages: passagesOf(state, shown),
      schema,
      served,
      maxTokens,
    });
    if (answer.kind !== "refused") for (const one of [...changes, ...notes]) await call.note?.(one);
  }
  return answer;
}

/** Refused leaves as a flat form, since a place in a list cannot be asked for by itself: `f1`, `f2`, … */
function formOfRefused(form: ObjectForm, refused: readonly RefusedField[]) {
  const named = new Map(refused.map(({ path }, index) => [`f${index + 1}`, path] as const));
  const fields = Object.fromEntries(
    [...named].map(([name, path]) => {
      const leaf = leafAt(form, path)!;
      return [name, { ...leaf, about: labelOf(pathOf(path), leaf) }];
    }),
  );
  return { form: { kind: "object", fields } satisfies ObjectForm, named };
}

const nameOf = (path: string, named: ReadonlyMap<string, string> | undefined): string =>
  [...(named ?? [])].find(([, known]) => known === path)?.[0] ?? path;

const renamed = (field: FieldDraft, named: ReadonlyMap<string, string>): FieldDraft => ({
  ...field,
  path: named.get(field.path.slice(1)) ?? field.path,
});
