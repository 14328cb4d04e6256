import type { JsonValue } from "../json.js";
import type { TextReference, TraceLine } from "./trace.js";

/** The reference that a value of a line's data is; undefined for any other. */
export function asReference(value: unknown): TextReference | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { text, hash, json } = value as Partial<TextReference>;
  const isOne = typeof text === "string" && typeof hash === "string" && (json === undefined || json === true);
  const names = Object.keys(value).length;
  return isOne && names === (json === true ? 3 : 2) ? (value as TextReference) : undefined;
}

/** A reference as data of a line. */
export const referenceJson = ({ text, hash, json }: TextReference): JsonValue => ({
  text,
  hash,
  ...(json === true ? { json } : {}),
});

/** All texts that a line refers to. */
export function referencesIn({ call, data }: TraceLine): TextReference[] {
  const found: TextReference[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const reference = asReference(value);
    if (reference !== undefined) found.push(reference);
    else for (const part of Object.values(value)) walk(part);
  };
  walk(call);
  walk(data);
  return found;
}

/** A line's data with what stood in the place of each reference. */
export function filledIn(value: JsonValue, textOf: (reference: TextReference) => JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  const reference = asReference(value);
  if (reference !== undefined) return textOf(reference);
  if (Array.isArray(value)) return value.map((part: JsonValue) => filledIn(part, textOf));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filledIn(part, textOf)])) as JsonValue;
}
