import type { FieldValue } from "@clew/core";
import { z } from "zod/v4";
import { unwrap } from "./form-of.js";
import { pathOf } from "./pointer.js";

/** What the user's schema says of one value. */
export type CheckedValue = { readonly value: FieldValue } | { readonly problem: string };

/** Checks the value of a leaf by the schema that the form was read from. */
export type CheckLeaf = (pointer: string, value: FieldValue) => Promise<CheckedValue>;

/** Makes a {@link CheckLeaf}: a value that the schema changes (`trim`, `toLowerCase`) is handed back changed. */
export function leafCheck(schema: z.core.$ZodType): CheckLeaf {
  return async (pointer, value) => {
    const parsed = await z.safeParseAsync(schemaAt(schema, pointer), value);
    if (parsed.success) return { value: parsed.data as FieldValue };
    return { problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  };
}

function schemaAt(schema: z.core.$ZodType, pointer: string): z.core.$ZodType {
  let at = schema;
  for (const step of pathOf(pointer)) {
    const { def } = (unwrap(at).inner as z.core.$ZodTypes)._zod;
    if (def.type === "object") at = def.shape[step]!;
    else if (def.type === "array") at = def.element;
  }
  return at;
}
