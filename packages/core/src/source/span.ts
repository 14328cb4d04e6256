/** A half-open range [start, end) of UTF-16 code units in a {@link SourceText}. */
export type Span = readonly [start: number, end: number];
