import type { Citation } from "../evidence/citation.js";
import type { Verdict } from "../evidence/verdict.js";
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
