import type { Source } from "./source.js";
import type { Span } from "./span.js";

/** Where a page begins in the canonical text. */
export interface PageBreak {
  /** Page number, counted from 1, as a viewer shows it. */
  readonly page: number;
  /** Offset of its first character. */
  readonly start: number;
}

/** A heading and where it stands. */
export interface Heading {
  /** 1 is the highest. */
  readonly level: number;
  readonly text: string;
  /** Its line in the canonical text. */
  readonly span: Span;
}

/**
 * A source's canonical text: NFC, lines ended by `\n`. Every span in the library indexes this string, in UTF-16 code
 * units; cleaning happens before it exists, never after.
 */
export interface SourceText {
  readonly source: Source;
  readonly text: string;
  /** In order of `start`; empty for a source without pages. */
  readonly pages: readonly PageBreak[];
  /** In order of their spans. */
  readonly headings: readonly Heading[];
  /** BCP 47 tag of the language, when known. */
  readonly language?: string | undefined;
  /** Spans that must not be cut while they fit a passage: tables, code blocks, records. In order, not overlapping. */
  readonly blocks?: readonly Span[] | undefined;
}
