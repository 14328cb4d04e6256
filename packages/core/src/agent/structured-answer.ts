import type { Answer } from "./answer.js";
import type { AnswerFields } from "./answer-field.js";
import type { FieldValue } from "./form.js";

/** T, but any leaf may be null. Items of a list of plain values are there or not, so they are never null. */
export type Extracted<T> = T extends FieldValue | null | undefined
  ? T | null
  : T extends readonly (infer Item)[]
    ? (Item extends FieldValue ? Item : Extracted<Item>)[]
    : { [Key in keyof T]: Extracted<T[Key]> };

/**
 * An answer in the form of a schema. `value` is T where everything that the schema requires is supported (`valid`), and
 * T with nulls where it is not. Its sentences are its fields, one each.
 */
export type StructuredAnswer<T> = Answer & { readonly fields: AnswerFields } & (
    | { readonly valid: true; readonly value: T }
    | { readonly valid: false; readonly value: Extracted<T> }
  );
