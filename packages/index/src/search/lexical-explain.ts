import type { Explain, Span, TermScore } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import type { TermPart } from "./bm25.js";

const positionsShown = 20;

/** Options of {@link lexicalExplain}. */
export interface LexicalExplainOptions {
  /** From 1. */
  rank: number;
  parts: readonly TermPart[];
  /** The passage's text, in which the terms are found again. */
  text: string;
  analyzer: Analyzer;
}

/**
 * The explanation of a lexical hit. Its terms are made when they are first read, and the text is analysed when the first
 * place of a term is: most explanations are never read. It needs nothing of the index, so it outlives the snapshot.
 */
export function lexicalExplain({ rank, parts, text, analyzer }: LexicalExplainOptions): Explain {
  let terms: readonly TermScore[] | undefined;
  let places: ReadonlyMap<string, readonly Span[]> | undefined;
  const termScore = ({ query: { term, df }, tf, score }: TermPart): TermScore => ({
    term,
    tf,
    df,
    score,
    get at() {
      places ??= placesOf(text, analyzer);
      return places.get(term) ?? [];
    },
  });
  return {
    kind: "leg",
    leg: "lexical",
    rank,
    get terms() {
      terms ??= parts.map(termScore);
      return terms;
    },
  };
}

function placesOf(text: string, analyzer: Analyzer): Map<string, Span[]> {
  const places = new Map<string, Span[]>();
  for (const { term, start, end } of analyzer.analyze(text)) {
    const spans = places.get(term);
    if (spans === undefined) places.set(term, [[start, end]]);
    else if (spans.length < positionsShown) spans.push([start, end]);
  }
  return places;
}
