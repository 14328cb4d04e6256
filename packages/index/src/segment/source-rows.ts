import type { Passage, PassageId } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import { PostingsWriter } from "./postings-bytes.js";
import type { Quantised } from "./quantise.js";

/** Fields of the lexical leg, in the order in which their numbers are stored. */
export const lexicalFields = ["title", "headings", "context", "text"] as const;

/** A field of the lexical leg. */
export type LexicalField = (typeof lexicalFields)[number];

/** What the legs know of one source's passages. */
export interface SourceRows {
  readonly ids: readonly PassageId[];
  /** Page of each passage; 0 for none. */
  readonly pages: Uint32Array;
  /** Terms of each passage by field: row × 4 + field. */
  readonly fieldLengths: Uint32Array;
  /** Distinct terms of the source, in the order of their first occurrence. */
  readonly terms: readonly string[];
  /** Which term occurs where, and how often: see `readPostings`. */
  readonly postings: Uint8Array;
  /** Absent in an index without an embedder. */
  readonly vectors?: Quantised | undefined;
}

/** Analyses the passages of one source. */
export function* analysePassages(
  passages: readonly Passage[],
  analyzer: Analyzer,
): Generator<void, Omit<SourceRows, "vectors">> {
  const width = lexicalFields.length;
  const fieldLengths = new Uint32Array(passages.length * width);
  const writer = new PostingsWriter();
  for (const [row, { title, headings, context = "", text }] of passages.entries()) {
    const count = (piece: string, field: number): void => {
      if (piece === "") return;
      const terms = analyzer.terms(piece);
      fieldLengths[row * width + field]! += terms.length;
      for (const term of terms) writer.count(term, field);
    };
    count(title, 0);
    for (const heading of headings) count(heading, 1);
    count(context, 2);
    count(text, 3);
    writer.endPassage();
    yield;
  }
  return {
    ids: passages.map(({ id }) => id),
    pages: Uint32Array.from(passages, ({ page }) => page ?? 0),
    fieldLengths,
    terms: writer.terms(),
    postings: writer.bytes(),
  };
}
