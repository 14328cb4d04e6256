const marker = Symbol.for("clew.error");

/** Every way in which a call can be impossible to carry out. Branch on it, never on a message. */
export type ClewErrorCode =
  /** An option, argument or piece of input is outside what the docstring allows. */
  | "invalid-option"
  /** A filter uses an operator or value that no store understands. */
  | "invalid-filter"
  /** An optional package is not installed, or failed to load. */
  | "missing-package"
  /** A path, web address, source or model does not exist. */
  | "not-found"
  /** Nothing to work on: an empty folder, an empty index, an empty corpus. */
  | "nothing-to-do"
  /** A source cannot be read: broken, encrypted, too large, or not what its name says. */
  | "unreadable-source"
  /** The index on disk was made by another embedder, analyzer, splitter or format. */
  | "index-mismatch"
  /** The index on disk is truncated or its checksums are wrong. */
  | "index-damaged"
  /** Another process writes to the index at this moment. */
  | "index-busy"
  /** The index, embedder or view was closed before the call. */
  | "closed"
  /** The disk is full or the file system refused a write. */
  | "storage-failed"
  /** A leg was asked for that the index does not have (a dense search without an embedder). */
  | "leg-missing"
  /** An embedder failed, or returned vectors of another number, size or range than promised. */
  | "embedder-failed"
  /** A reranker failed, or returned indices or scores that make no sense. */
  | "reranker-failed"
  /** A retriever failed, or returned hits that make no sense. */
  | "retriever-failed"
  /** A chat model failed after all its retries. */
  | "model-failed"
  /** A model answered with something that is not of the form asked for, after one repair. */
  | "invalid-output"
  /** A remote model was named without the key that it needs. */
  | "missing-key"
  /** A remote service refused the request for good (authentication, quota). */
  | "service-refused"
  /** A time-out that the caller set has passed. */
  | "timed-out"
  /** A limit of the budget leaves no room for a call that its caller cannot do without. */
  | "budget-reached"
  /** A budget is too small to begin with, or cannot be kept (a price is unknown). */
  | "budget-impossible"
  /** A person has to approve the next step first; `pending` of the agent says which. */
  | "approval-needed"
  /** A trace's texts were erased, so what it recorded can no longer be rebuilt. */
  | "trace-erased"
  /** A trace's texts were redacted before they were stored, so it no longer holds what was recorded. */
  | "trace-redacted"
  /** A trace was altered, or does not come to its end. */
  | "trace-damaged"
  /** A trace cannot be made an answer of: its run did not come to its end, or came to something else. */
  | "not-replayable"
  /** What is rebuilt from a trace is not what it recorded: another policy, version or set of options. */
  | "replay-diverged"
  /** A role that may not use a remote model was given one. */
  | "outbound-refused";

/** The library's one error class; branch on `code`, never on `message`. */
export class ClewError extends Error {
  readonly [marker] = true;
  override readonly name = "ClewError";

  constructor(
    readonly code: ClewErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** True across duplicate copies of the package, where `instanceof` fails. */
  static isInstance(value: unknown): value is ClewError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
