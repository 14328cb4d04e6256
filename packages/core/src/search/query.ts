/** A query as the legs take it: embedded once, however many legs and views need the vector. */
export interface Query {
  readonly text: string;
  /** L2-normalised vector of the index's embedder; absent: the dense leg embeds the text itself. */
  readonly vector?: Float32Array | undefined;
}
