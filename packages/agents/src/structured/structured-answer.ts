import { type Answer, ClewError, type Extracted, type ObjectForm, type StructuredAnswer } from "@clew/core";
import { z } from "zod/v4";
import { pathOf, pointerOf } from "./pointer.js";
import { settleFields } from "./settle-fields.js";

/**
 * Makes the object of an answer's fields and validates it by the user's schema.
 *
 * @throws ClewError `invalid-output` where the schema refuses the object for another reason than what is missing in it,
 *   naming each problem by JSON pointer
 */
export async function structuredAnswer<S extends z.core.$ZodType>(
  answer: Answer,
  schema: S,
  form: ObjectForm,
): Promise<StructuredAnswer<z.core.output<S>>> {
  const { fields, value } = settleFields(form, new Map(Object.entries(answer.fields ?? {})));
  const parsed = await z.safeParseAsync(schema, value);
  if (parsed.success) return { ...answer, fields, valid: true, value: parsed.data };
  const empty = Object.entries(fields).flatMap(([path, field]) => (field.value === null ? [path] : []));
  const wrong = parsed.error.issues.filter(({ path }) => !lacksSupport(path, value, empty));
  if (wrong.length === 0) {
    return { ...answer, fields, valid: false, value: value as Extracted<z.core.output<S>> };
  }
  const shown = wrong.map(
    ({ path, message }) => `${pointerOf(path as (string | number)[]) || "the whole"}: ${message}`,
  );
  throw new ClewError(
    "invalid-output",
    `What the sources say does not fit the schema (${shown.join("; ")}): loosen the schema, or ask for less.`,
  );
}

/** Whether a problem comes of a value that no source supports: it lies at such a leaf, around one, or at a list that is too short for it. */
function lacksSupport(path: readonly PropertyKey[], value: unknown, empty: readonly string[]): boolean {
  const pointer = pointerOf(path.map(String));
  if (empty.some((leaf) => leaf === pointer || leaf.startsWith(`${pointer}/`))) return true;
  const at = pathOf(pointer).reduce<unknown>((part, step) => (part as Record<string, unknown> | null)?.[step], value);
  return Array.isArray(at) && at.length === 0;
}
