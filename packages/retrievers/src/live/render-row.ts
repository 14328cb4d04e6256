const deepest = 32;

/**
 * A row as lines, `column: value`; nested values under dotted paths, lists of plain values joined by ", ". Nulls and
 * empty texts are left out.
 *
 * @throws RangeError for a row nested deeper than 32 levels
 */
export const renderRow = (row: object): string => linesOf(row, "", 0).join("\n");

function linesOf(value: unknown, path: string, depth: number): string[] {
  const plain = plainText(value);
  if (plain !== undefined) return plain === "" ? [] : [path === "" ? plain : `${path}: ${plain}`];
  if (Array.isArray(value)) {
    const items = value.map(plainText);
    if (items.every((item) => item !== undefined)) {
      const text = items.filter((item) => item !== "").join(", ");
      return text === "" ? [] : [`${path}: ${text}`];
    }
  }
  if (typeof value !== "object" || value === null) return [];
  if (depth === deepest) throw new RangeError(`it is nested deeper than ${deepest} levels`);
  return Object.entries(value).flatMap(([key, inner]) =>
    linesOf(inner, path === "" ? key : `${path}.${key}`, depth + 1),
  );
}

/** A plain value as text; undefined for an object, a list or a function. */
function plainText(value: unknown): string | undefined {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  // binary columns are nothing to read; they are named
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return undefined;
}
