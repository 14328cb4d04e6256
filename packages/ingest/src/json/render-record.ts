/** One value of a record under its dotted path; elements of arrays are counted from 0. */
export type Field = readonly [path: string, value: string];

const deepest = 64;

/**
 * The values of a record in order, nested ones under dotted paths. Lists of plain values are joined by ", "; nulls and empty texts are left out.
 *
 * @throws RangeError for a record nested deeper than 64 levels
 */
export function fieldsOf(value: unknown, path = "", depth = 0): Field[] {
  const plain = plainText(value);
  if (plain !== undefined) return plain === "" ? [] : [[path, plain]];
  if (Array.isArray(value)) {
    const items = value.map(plainText);
    if (items.every((item) => item !== undefined)) {
      const text = items.filter((item) => item !== "").join(", ");
      return text === "" ? [] : [[path, text]];
    }
  }
  if (typeof value !== "object" || value === null) return [];
  if (depth === deepest) throw new RangeError(`it is nested deeper than ${deepest} levels`);
  return Object.entries(value).flatMap(([key, inner]) =>
    fieldsOf(inner, path === "" ? key : `${path}.${key}`, depth + 1),
  );
}

/** Fields as lines, `path: value`; a value without a path stands alone. */
export function renderFields(fields: readonly Field[]): string {
  return fields.map(([path, value]) => (path === "" ? value : `${path}: ${value}`)).join("\n");
}

/** The value at a dotted path; a member whose name has dots in it is found too. */
export function valueAtPath(value: unknown, path: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const record = value as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(record, path)) return record[path];
  for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(record, head)) return valueAtPath(record[head], path.slice(dot + 1));
  }
  return undefined;
}

/** A plain value as text; undefined for an object or list. */
export function plainText(value: unknown): string | undefined {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  return undefined;
}
