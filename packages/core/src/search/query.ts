import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";

/** A query as the legs take it: embedded once, however many legs and views need the vector. */
export interface Query {
  readonly text: string;
  /** L2-normalised vector of the index's embedder; absent: the dense leg embeds the text itself. */
  readonly vector?: Float32Array | undefined;
}

/** A query with its vector, and what that cost. */
export interface EmbeddedQuery {
  readonly query: Query;
  readonly usage: Usage;
  readonly notes: readonly Note[];
}
