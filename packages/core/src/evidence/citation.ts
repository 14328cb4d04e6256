import type { SourceId } from "../source/source.js";
import type { Span } from "../source/span.js";
import type { EvidenceId } from "./evidence.js";

/** A quote located in an evidence. `quote === sourceText.text.slice(...span)`, always. */
export interface Citation {
  readonly evidence: EvidenceId;
  /** Verbatim from the source, not as the writer typed it. */
  readonly quote: string;
  readonly source: SourceId;
  readonly title: string;
  /** Of the source; absent where it would run something in a browser (`javascript:`, `data:`). */
  readonly uri?: string | undefined;
  /** In the source's canonical text. */
  readonly span: Span;
  /** Page on which the quote starts, from 1. */
  readonly page?: number | undefined;
  /** Line of the canonical text on which the quote starts, from 1. */
  readonly line: number;
}

/** A quote as a writer gave it, not yet looked up. */
export interface DraftCitation {
  /** As written; may name evidence that does not exist. */
  readonly evidence: string;
  /** As written; absent when the writer only named the evidence. */
  readonly quote?: string | undefined;
}

/** What looking a quote up found. */
export type QuoteCheck =
  /** One citation; several, in order of their spans, when the quote leaves text out ("the house … was sold"). */
  | { readonly code: "quote-found"; readonly citations: readonly [Citation, ...Citation[]] }
  | { readonly code: "quote-not-found"; readonly evidence: EvidenceId; readonly quote: string }
  | { readonly code: "unknown-evidence"; readonly evidence: string };
