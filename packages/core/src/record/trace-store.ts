import type { Scope } from "../scope/scope.js";
import type { Erasable, ErasedPlace } from "./erasure.js";
import type { Trace } from "./trace.js";

/** Options of calls of a {@link TraceStore}. */
export interface TraceStoreOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What a person says of an answer. */
export interface Feedback {
  readonly verdict: "right" | "wrong" | "partly";
  /** What the answer should have been. Kept as a text, which can be erased. */
  readonly correction?: string | undefined;
  /** What the person allows to be done with it: nothing but this answer's own record, evaluation, or training too. */
  readonly consent: "record" | "evaluation" | "training";
}

/** Feedback as it was appended. */
export interface FeedbackRecord extends Feedback {
  /** The answer that it is about. */
  readonly answer: string;
  /** Root of that answer's trace: `hash` of its last line. */
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether its correction was erased. */
  readonly erased?: true | undefined;
}

/**
 * Keeps traces, and what people said of the answers, by scope: nobody reads another scope's. `erase` reaches every trace of the
 * scope's tenant, whoever asked: what is forgotten is a source, and its text may stand in anybody's record. Who may call it is
 * for the caller to decide. A run that has not ended writes its trace after it. What was recorded of one that was broken off, that failed
 * or that waits for a person is a trace of its own, of the run `run#1`, then `run#2`, …: it ends with why, and names the roots of those
 * before; so does the trace of the whole run, if it is resumed and finishes.
 */
export interface TraceStore extends Erasable {
  /**
   * Takes a closed trace in, whole or not at all. The same trace again changes nothing.
   *
   * @throws ClewError `trace-damaged` for one that does not verify; `invalid-option` for another trace under the same run;
   *   `storage-failed`
   */
  write(scope: Scope, trace: Trace, options?: TraceStoreOptions): Promise<void>;
  /** The trace of a run; undefined where this scope has none. */
  read(scope: Scope, run: string, options?: TraceStoreOptions): Promise<Trace | undefined>;
  /** Runs of this scope, and parts of those that stopped before their end, in the order in which they were closed, then by id. */
  list(scope: Scope, options?: TraceStoreOptions): AsyncIterable<string>;
  /**
   * Appends what a person says of an answer.
   *
   * @throws ClewError `not-found` where this scope has no such answer; `invalid-option`
   */
  feedback(scope: Scope, answer: string, feedback: Feedback, options?: TraceStoreOptions): Promise<FeedbackRecord>;
  /** Everything that was said of an answer, oldest first. */
  feedbackOf(scope: Scope, answer: string, options?: TraceStoreOptions): Promise<readonly FeedbackRecord[]>;
  /**
   * Erases every text of one run, its question, its parts and what was said of its answer included: what a person wrote. The chain stays and
   * verifies. Whoever is to be forgotten as a person: each run of `list` of that person's scope.
   */
  forget(scope: Scope, run: string, options?: TraceStoreOptions): Promise<ErasedPlace>;
}
