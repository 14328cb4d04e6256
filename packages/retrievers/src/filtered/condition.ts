/** A condition on metadata as it was written, by a model or by rules: nothing of it is believed yet. */
export interface WrittenCondition {
  readonly field: string;
  /** `eq`, `ne`, `in`, `nin`, `gt`, `gte`, `lt`, `lte`, `exists`; a leading `$` is allowed. */
  readonly op: string;
  readonly value: unknown;
}
