import type { Citation } from "../evidence/citation.js";
import type { Verdict } from "../evidence/verdict.js";
import type { Answer } from "./answer.js";
import type { FieldValue } from "./form.js";

/** One leaf of a structured answer. */
export interface AnswerField {
  /** Null where nothing supports a value: never a guess. */
  readonly value: FieldValue | null;
  /** The quotes that hold the value; none where it is null. */
  readonly citations: readonly Citation[];
  /** `missing`: nothing was found; `unsupported` and `uncited`: a value was given, and taken out. */
  readonly verdict: Verdict | "missing";
  /** Why it is null, or what it conflicts with, for people; empty when supported. */
  readonly reasons: readonly string[];
}

/** Every leaf of a structured answer under its JSON pointer (RFC 6901): `/revenue`, `/segments/0/name`. */
export type AnswerFields = Readonly<Record<string, AnswerField>>;

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
