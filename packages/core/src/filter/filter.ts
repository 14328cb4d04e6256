/** A value that a filter compares with. */
export type FilterValue = string | number | boolean | null;

/** Conditions on one field; all of them must hold. */
export interface FieldConditions {
  /** Equal, or an array that contains it. `null` matches only a stored null. */
  readonly $eq?: FilterValue | undefined;
  /** Not `$eq`; a missing field is not equal to anything, so it matches. */
  readonly $ne?: FilterValue | undefined;
  /** `$eq` to one of these. */
  readonly $in?: readonly FilterValue[] | undefined;
  /** `$eq` to none of these; a missing field matches. */
  readonly $nin?: readonly FilterValue[] | undefined;
  /** Greater. Numbers compare with numbers, texts with texts by code unit; other pairs never match. */
  readonly $gt?: number | string | undefined;
  readonly $gte?: number | string | undefined;
  readonly $lt?: number | string | undefined;
  readonly $lte?: number | string | undefined;
  /** Whether the field is there at all. A stored null is there. */
  readonly $exists?: boolean | undefined;
  /** The conditions that must not all hold. */
  readonly $not?: FieldConditions | undefined;
}

/**
 * A filter in the operators that LangChain's stores use; one meaning on every leg and store.
 *
 * Fields are metadata names, and `source`, `title`, `uri`, `page` for what every passage has (a metadata field of the
 * same name wins). A bare value stands for `{ $eq: value }`.
 *
 * @example
 * { year: { $gte: 2023 }, $or: [{ kind: "10-K" }, { tags: { $in: ["audit"] } }] }
 */
export interface Filter {
  readonly $and?: readonly Filter[] | undefined;
  readonly $or?: readonly Filter[] | undefined;
  readonly $not?: Filter | undefined;
  readonly [field: string]: FilterValue | FieldConditions | Filter | readonly Filter[] | undefined;
}
