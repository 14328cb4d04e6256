/** A searchable term and where it stands. */
export interface Token {
  /** Folded and stemmed; equal terms match. */
  readonly term: string;
  /** [start, end) in UTF-16 code units of the text analysed. */
  readonly start: number;
  readonly end: number;
  /** Place in the order of words, from 0; a compound and its first part share one, stop words leave a gap. */
  readonly position: number;
}

/** Turns text into terms, for indexing and for queries alike. */
export interface Analyzer {
  /** Changes with whatever changes the terms. */
  readonly fingerprint: string;
  readonly language: string;
  /** Tokens in order of their start, the longer first. */
  analyze(text: string): Token[];
  /** The terms of {@link analyze} alone, in its order; faster. */
  terms(text: string): string[];
}
