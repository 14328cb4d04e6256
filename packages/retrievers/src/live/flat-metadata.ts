import type { Metadata, MetadataValue } from "@clew/core";

/** Longest text of a column that is metadata too; a longer one is only read. */
const longestColumn = 256;

/** Metadata of any origin, flat and plain: nested values become JSON text, dates ISO 8601; undefined is left out. */
export const flatMetadata = (metadata: Readonly<Record<string, unknown>>): Metadata =>
  Object.fromEntries(
    Object.entries(metadata).flatMap(([name, value]) => {
      const flat = flatValue(value);
      return flat === undefined ? [] : [[name, flat]];
    }),
  );

/** The columns of a row that one may filter by: plain values, and texts of at most 256 characters. */
export const rowMetadata = (row: object): Metadata =>
  flatMetadata(
    Object.fromEntries(
      Object.entries(row).filter(([, value]) => {
        if (typeof value === "string") return value.length <= longestColumn;
        return value === null || typeof value !== "object" || value instanceof Date || isPlainList(value);
      }),
    ),
  );

function flatValue(value: unknown): MetadataValue | undefined {
  if (value === undefined || typeof value === "function" || typeof value === "symbol") return undefined;
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (isPlainList(value)) return [...value];
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
}

const isPlainList = (value: unknown): value is readonly (string | number | boolean)[] =>
  Array.isArray(value) &&
  value.every((item) => typeof item === "string" || typeof item === "boolean" || Number.isFinite(item));
