import type { PassageId } from "@clew/core";
import type { CodeRows } from "../scan/code-rows.js";

/** Postings of a segment in compressed sparse rows: those of term `t` lie in [starts[t], starts[t + 1]). */
export interface Postings {
  readonly terms: ReadonlyMap<string, number>;
  readonly starts: Uint32Array;
  /** Ascending within a term. */
  readonly rows: Uint32Array;
  /** Weighted occurrences, greater than 0: bytes where all of them fit. */
  readonly frequencies: Uint8Array | Float32Array | Float64Array;
}

/** Quantised vectors of a segment, row after row; see `Quantised`. */
export interface SegmentVectors {
  readonly codes: CodeRows;
  readonly scales: Float32Array;
  /** Euclidean length of each scale × codes, at most. */
  readonly norms: Float32Array;
  readonly errors: Float32Array;
  readonly keys: Uint8Array;
}

/** Passages in arrays, in a fixed order of rows. Never changed: what is deleted is marked outside of it. */
export interface Segment {
  readonly size: number;
  readonly ids: readonly PassageId[];
  /** Hashes of the sources, and which one each row belongs to; the rows of a source are neighbours, in its order. */
  readonly sources: readonly string[];
  readonly owners: Uint32Array;
  readonly ordinals: Uint32Array;
  /** 0 for none. */
  readonly pages: Uint32Array;
  /** Terms by field: row × 4 + field. */
  readonly fieldLengths: Uint32Array;
  /** Weighted terms of each row. */
  readonly lengths: Float64Array;
  readonly postings: Postings;
  readonly vectors?: SegmentVectors | undefined;
}
