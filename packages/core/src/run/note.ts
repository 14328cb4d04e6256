import type { JsonObject } from "../json.js";

/** What a note can be about. Third parties prefix their own with `x-`. */
export type NoteCode =
  /** A leg failed and the caller had asked to go on without it. */
  | "leg-failed"
  /** A leg could not be asked because the index does not have it. */
  | "leg-missing"
  /** Searches that make one result saw different generations of the index: it was written to between them. */
  | "generations-differ"
  /** A passage has no vector, and was treated as unlike any other. */
  | "vector-missing"
  /** A passage is not in the index that was asked for more of it; it stands as it was found. */
  | "passage-unknown"
  /** A deadline passed; what was done in time is used. */
  | "deadline-passed"
  /** A reranker scored only part of what it was given. */
  | "reranked-partly"
  /** A reranker failed; the order before it stands. */
  | "rerank-failed"
  /** Hits below a minimum score were dropped. */
  | "below-minimum-score"
  /** Text was cut to what a model can take. */
  | "cut"
  /** A source could not be read. */
  | "source-failed"
  /** A source, or part of one, was left out on purpose. */
  | "source-skipped"
  /** A page holds no text: a scan. */
  | "page-without-text"
  /** Something in a source was guessed: its encoding, its type, its delimiter. */
  | "guessed"
  /** Running headers, footers or hyphens were removed from a source. */
  | "cleaned"
  /** A list of sources broke off before its end; nothing was removed. */
  | "listing-broke-off"
  /** The corpus is in a language that the embedder was not made for. */
  | "language-unknown-to-embedder"
  /** A remote service was slow or refused; the call was repeated. */
  | "retried"
  /** A sub-question failed; the others went on. */
  | "sub-question-failed"
  /** A limit of the budget was reached; the answer is partial. */
  | "budget-reached"
  /** A server spent more than it was allowed to. */
  | "overrun"
  /** The agent stopped looking, and why. */
  | "stopped"
  /** A person approved, changed or rejected what the agent was about to do. */
  | "person-decided"
  /** The evidence does not cover the question. */
  | "not-covered"
  /** A quote was not found in its evidence and was removed. */
  | "quote-not-found"
  /** A citation named evidence that does not exist and was removed. */
  | "unknown-evidence"
  /** A sentence is not supported by its citations. */
  | "unsupported"
  /** Two sources disagree. */
  | "conflict"
  /** A model's output was repaired. */
  | "repaired"
  /** A model's output could not be used; something simpler took its place. */
  | "fell-back"
  /** A link or image that leads to no cited source was removed from the answer. */
  | "link-removed"
  /** Prompt tokens or invisible characters in a passage were made harmless before it entered a prompt. */
  | "neutralised"
  /** Texts left the machine. */
  | "outbound"
  /** Hits outside a filter were dropped after they had come, or a filter was read from the question. */
  | "filtered"
  /** A filter, or part of one, could not be used and was left out. */
  | "filter-dropped"
  /** Passages went without the line of context that they should have. */
  | "context-missing"
  /** Nothing was found at all. */
  | "no-hits"
  /** Something that was to be erased is still there, or may be: what, where, and who can remove it. */
  | "not-erased"
  | `x-${string}`;

/** A typed remark that something was degraded, cut or skipped, and why. */
export interface Note {
  readonly code: NoteCode;
  /** A sentence for people: what happened, to what, and why. */
  readonly message: string;
  /** The same for machines. */
  readonly detail?: JsonObject | undefined;
}

/** Makes a {@link Note}. */
export const note = (code: NoteCode, message: string, detail?: JsonObject): Note =>
  detail === undefined ? { code, message } : { code, message, detail };
