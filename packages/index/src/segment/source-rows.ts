import type { Passage, PassageId } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
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
  /** For each term, by passage: see {@link TermCounts}. */
  readonly counts: readonly TermCounts[];
  /** Absent in an index without an embedder. */
  readonly vectors?: Quantised | undefined;
}

/** Where a term occurs: passages in ascending order, and how often in each field (entry × 4 + field). */
export interface TermCounts {
  readonly passages: readonly number[];
  readonly frequencies: readonly number[];
}

/** Analyses the passages of one source. */
export function* analysePassages(
  passages: readonly Passage[],
  analyzer: Analyzer,
): Generator<void, Omit<SourceRows, "vectors">> {
  const width = lexicalFields.length;
  const fieldLengths = new Uint32Array(passages.length * width);
  const terms = new Map<string, { passages: number[]; frequencies: number[] }>();
  for (const [row, { title, headings, context = "", text }] of passages.entries()) {
    for (const [field, part] of [[title], headings, [context], [text]].entries()) {
      for (const term of part.flatMap((piece) => (piece === "" ? [] : analyzer.terms(piece)))) {
        fieldLengths[row * width + field]!++;
        const counts = terms.get(term) ?? { passages: [], frequencies: [] };
        if (counts.passages.length === 0) terms.set(term, counts);
        if (counts.passages.at(-1) !== row) {
          counts.passages.push(row);
          counts.frequencies.push(0, 0, 0, 0);
        }
        counts.frequencies[(counts.passages.length - 1) * width + field]!++;
      }
    }
    yield;
  }
  return {
    ids: passages.map(({ id }) => id),
    pages: Uint32Array.from(passages, ({ page }) => page ?? 0),
    fieldLengths,
    terms: [...terms.keys()],
    counts: [...terms.values()],
  };
}
