import type { JsonValue } from "../json.js";

/** JSON text of a value that reads back as the same value: -0 too, which `JSON.stringify` makes 0. */
export function jsonText(value: JsonValue): string {
  return holdsNegativeZero(value) ? written(value) : (JSON.stringify(value) ?? "null");
}

/** Whether a value is the number -0. */
export const isNegativeZero = (value: unknown): boolean => Object.is(value, -0);

function holdsNegativeZero(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return isNegativeZero(value);
  return Object.values(value).some(holdsNegativeZero);
}

function written(value: JsonValue): string {
  if (isNegativeZero(value)) return "-0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${written(field)}`).join(",")}}`;
}
