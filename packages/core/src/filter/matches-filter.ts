import type { MetadataValue } from "../source/metadata.js";
import type { Passage } from "../source/passage.js";
import type { FieldConditions, Filter, FilterValue } from "./filter.js";

/** What a filter looks at. */
export type FilterRecord = Readonly<Record<string, MetadataValue | undefined>>;

/** The fields of a passage that a filter can name. */
export const filterRecord = ({ source, title, uri, page, metadata }: Passage): FilterRecord => ({
  source,
  title,
  uri,
  page,
  ...metadata,
});

/** The one evaluator of filters; every leg, store and fake agrees with it. The filter has passed `checkFilter`. */
export function matchesFilter(filter: Filter, record: FilterRecord): boolean {
  return Object.entries(filter).every(([key, value]) => {
    if (value === undefined) return true;
    if (key === "$and") return (value as readonly Filter[]).every((part) => matchesFilter(part, record));
    if (key === "$or") return (value as readonly Filter[]).some((part) => matchesFilter(part, record));
    if (key === "$not") return !matchesFilter(value as Filter, record);
    const stored = Object.hasOwn(record, key) ? record[key] : undefined;
    return typeof value === "object" && value !== null
      ? holds(value as FieldConditions, stored)
      : equals(stored, value as FilterValue);
  });
}

function holds(conditions: FieldConditions, stored: MetadataValue | undefined): boolean {
  const { $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists, $not } = conditions;
  return (
    ($eq === undefined || equals(stored, $eq)) &&
    ($ne === undefined || !equals(stored, $ne)) &&
    ($in === undefined || $in.some((value) => equals(stored, value))) &&
    ($nin === undefined || !$nin.some((value) => equals(stored, value))) &&
    ($gt === undefined || compares(stored, $gt, (order) => order > 0)) &&
    ($gte === undefined || compares(stored, $gte, (order) => order >= 0)) &&
    ($lt === undefined || compares(stored, $lt, (order) => order < 0)) &&
    ($lte === undefined || compares(stored, $lte, (order) => order <= 0)) &&
    ($exists === undefined || (stored !== undefined) === $exists) &&
    ($not === undefined || !holds($not, stored))
  );
}

const equals = (stored: MetadataValue | undefined, value: FilterValue): boolean =>
  Array.isArray(stored) ? stored.includes(value as string) : stored === value;

function compares(
  stored: MetadataValue | undefined,
  bound: number | string,
  accepts: (order: number) => boolean,
): boolean {
  const one = (value: unknown): boolean =>
    typeof value === typeof bound && accepts((value as number) < (bound as number) ? -1 : value === bound ? 0 : 1);
  return Array.isArray(stored) ? stored.some(one) : one(stored);
}
