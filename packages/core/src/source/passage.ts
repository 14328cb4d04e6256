import type { Metadata } from "./metadata.js";
import type { PassageId } from "./passage-id.js";
import type { SourceId } from "./source.js";
import type { PageBreak } from "./source-text.js";
import type { Span } from "./span.js";

/**
 * A retrievable piece of a source. `text === sourceText.text.slice(...span)` always; `title`, `headings` and `context`
 * are searched but never quoted.
 */
export interface Passage {
  readonly id: PassageId;
  readonly source: SourceId;
  /** Position among the source's passages, from 0. */
  readonly ordinal: number;
  readonly span: Span;
  readonly text: string;
  /** Title of the source. */
  readonly title: string;
  /** Headings above the passage, outermost first. */
  readonly headings: readonly string[];
  /** Page on which the span starts, from 1. */
  readonly page?: number | undefined;
  /** Pages that begin inside the span, behind its start, in order; absent for none. `start` counts in the source text. */
  readonly pageBreaks?: readonly PageBreak[] | undefined;
  /** Line of the canonical text on which the span starts, from 1. */
  readonly line: number;
  /** Where a person finds the source. */
  readonly uri?: string | undefined;
  /** The source's metadata. */
  readonly metadata: Metadata;
  /** The source's access list; see {@link Source.access}. */
  readonly access?: readonly string[] | undefined;
  /** A line of context added at sync time: searched, never quotable. */
  readonly context?: string | undefined;
}
