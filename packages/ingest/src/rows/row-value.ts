import type { MetadataValue } from "@clew/core";

/** A column's value as metadata; undefined when it is none: an object, binary data, a number that is not finite. */
export function metadataValue(value: unknown): MetadataValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (!Array.isArray(value)) return undefined;
  const items: (string | number | boolean)[] = [];
  for (const item of value) {
    const flat = metadataValue(item);
    if (flat === undefined || flat === null || typeof flat === "object") return undefined;
    items.push(flat);
  }
  return items;
}
