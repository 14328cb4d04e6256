import { ClewError } from "../errors/clew-error.js";
import type { Filter } from "./filter.js";

const conditions = new Set(["$eq", "$ne", "$in", "$nin", "$gt", "$gte", "$lt", "$lte", "$exists", "$not"]);
const deepest = 32;

/**
 * Returns the filter when every operator and value in it is known.
 *
 * @throws ClewError `invalid-filter`, naming the place, for an unknown operator, a value of the wrong type, NaN, or
 *   nesting deeper than 32
 */
export function checkFilter(filter: unknown, path = "filter", depth = 0): Filter {
  if (depth > deepest) throw wrong(path, `no nesting deeper than ${deepest}`);
  if (!isRecord(filter)) throw wrong(path, "a plain object");
  for (const [key, value] of Object.entries(filter)) {
    const here = `${path}.${key}`;
    // it would match everything, and a filter is often what keeps something from somebody
    if (value === undefined) throw wrong(here, "a value, but it is undefined; leave the field out to match everything");
    if (key === "$and" || key === "$or") {
      if (!Array.isArray(value)) throw wrong(here, "a list of filters");
      for (const [index, part] of value.entries()) checkFilter(part, `${here}[${index}]`, depth + 1);
    } else if (key === "$not") checkFilter(value, here, depth + 1);
    else if (key.startsWith("$")) throw wrong(here, "$and, $or or $not; conditions belong under a field");
    else if (!isValue(value)) checkConditions(value, here, depth + 1);
  }
  return filter as Filter;
}

function checkConditions(value: unknown, path: string, depth: number): void {
  if (depth > deepest) throw wrong(path, `no nesting deeper than ${deepest}`);
  if (!isRecord(value)) throw wrong(path, "a value, or an object of conditions such as { $in: […] }");
  if (Object.keys(value).length === 0) throw wrong(path, "at least one condition");
  for (const [key, operand] of Object.entries(value)) {
    const here = `${path}.${key}`;
    if (!conditions.has(key)) throw wrong(here, `one of ${[...conditions].join(" ")}`);
    if (operand === undefined) throw wrong(here, "a value, but it is undefined; leave the condition out");
    if (key === "$eq" || key === "$ne") {
      if (!isValue(operand)) throw wrong(here, "a text, finite number, boolean or null");
    } else if (key === "$in" || key === "$nin") {
      if (!Array.isArray(operand) || !operand.every(isValue)) throw wrong(here, "a list of values");
    } else if (key === "$exists") {
      if (typeof operand !== "boolean") throw wrong(here, "true or false");
    } else if (key === "$not") checkConditions(operand, here, depth + 1);
    else if (typeof operand !== "string" && !isFiniteNumber(operand)) throw wrong(here, "a finite number or a text");
  }
}

/** True for a plain object of any realm: what a `Map` holds, or an object inherits, would be ignored. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (Object.prototype.toString.call(value) !== "[object Object]") return false;
  const record = value as Record<string, unknown>;
  for (const key in record) if (!Object.hasOwn(record, key)) return false;
  return true;
}

const isFiniteNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

const isValue = (value: unknown): boolean =>
  value === null || typeof value === "string" || typeof value === "boolean" || isFiniteNumber(value);

const wrong = (path: string, expected: string): ClewError =>
  new ClewError("invalid-filter", `The filter is wrong at ${path}: expected ${expected}.`);
