import type { JsonObject } from "../json.js";
import type { Note } from "../run/note.js";
import type { Scope } from "../scope/scope.js";
import type { Passage } from "../source/passage.js";
import type { SourceId } from "../source/source.js";

/** What is to be forgotten. */
export interface EraseRequest {
  readonly source: SourceId;
  /** Its passages, with their texts: for places that know texts only by a hash of them. */
  readonly passages: readonly Passage[];
  readonly signal?: AbortSignal | undefined;
}

/** What one place has forgotten. */
export interface ErasedPlace {
  /** Where: `index`, `vector-cache`, `checkpoints`, `traces`, … */
  readonly place: string;
  /** What was removed there, by kind: `{ passages: 12, vectors: 12 }`; every number 0 where it held nothing. */
  readonly removed: Readonly<Record<string, number>>;
  /**
   * Under `not-erased`, what could not be done here and by whom it can: a database that keeps old rows until it is
   * vacuumed.
   */
  readonly notes: readonly Note[];
  readonly detail?: JsonObject | undefined;
}

/** A place that keeps what sources said, and can forget it: no byte of it stays in its files. */
export interface Erasable {
  /** Erasing the same again changes nothing and finds nothing. @throws ClewError `storage-failed` */
  erase(scope: Scope, request: EraseRequest): Promise<readonly ErasedPlace[]>;
}

/** Proof of an erasure. Holds no text of the source. */
export interface EraseReceipt {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tenant: string;
  readonly source: SourceId;
  /** Every place that was asked, in the order in which it was. */
  readonly places: readonly ErasedPlace[];
  /** Whether every place has done all of it; else a note of the code `not-erased` says what is left to do. */
  readonly complete: boolean;
}
