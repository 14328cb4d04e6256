import type { Evidence, Passage } from "@clew/core";
import { type Analyzer, capitalisedRuns, sentences, titleKeys, wordTokens } from "@clew/core/text";

/** A sentence of a passage. */
export interface SentenceReading {
  readonly text: string;
  /** Its place among the passage's sentences, headings left out, from 0. */
  readonly position: number;
  readonly terms: ReadonlySet<string>;
  /** Names in it: their keys, with how they are written. */
  readonly names: ReadonlyMap<string, string>;
  /** Folded words with which a mention may begin: a sentence without the first word of a title does not mention it. */
  readonly openers: ReadonlySet<string>;
  /** All its words, folded. */
  readonly words: ReadonlySet<string>;
}

/** A passage, read once. */
export interface PassageReading {
  readonly title: string;
  /** Keys under which other passages mention the title. */
  readonly titleKeys: readonly string[];
  readonly titleTerms: ReadonlySet<string>;
  /** Terms of title and text. */
  readonly terms: ReadonlySet<string>;
  readonly sentences: readonly SentenceReading[];
}

/** Reads passages, each once for as long as it is in memory. */
export function evidenceReader(analyzer: Analyzer): (evidence: Evidence) => PassageReading {
  const known = new WeakMap<Passage, PassageReading>();
  return ({ passage }) => {
    const kept = known.get(passage);
    if (kept !== undefined) return kept;
    const reading = readPassage(passage, analyzer);
    known.set(passage, reading);
    return reading;
  };
}

function readPassage({ title, headings, text }: Passage, analyzer: Analyzer): PassageReading {
  const named = new Set([title, ...headings].map(plainHeading));
  const pieces = sentences(text)
    .map(([start, end]) => text.slice(start, end))
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece) && !named.has(plainHeading(piece)));
  const found = pieces.map((piece, position): SentenceReading => {
    const names = new Map<string, string>();
    const tokens = wordTokens(piece);
    for (const { key, text: run } of capitalisedRuns(piece, tokens)) if (!names.has(key)) names.set(key, run);
    const words = new Set(tokens.map(({ term }) => term));
    const openers = new Set(
      tokens.filter(({ span }) => /^[^\p{Ll}]/u.test(piece.slice(...span))).map(({ term }) => term),
    );
    return { text: piece, position, terms: new Set(analyzer.terms(piece)), names, openers, words };
  });
  const titleTerms = new Set(analyzer.terms(title));
  const terms = new Set(titleTerms);
  for (const sentence of found) for (const term of sentence.terms) terms.add(term);
  // "Surrey, British Columbia" is mentioned as "Surrey" too
  const keys = new Set([...titleKeys(title), ...titleKeys(title.replace(/,.*$/s, ""))]);
  return { title, titleKeys: [...keys], titleTerms, terms, sentences: found };
}

/** A heading without its markup: it says what a passage is about, and states nothing that could be quoted. */
const plainHeading = (line: string): string => line.replace(/^#{1,6}\s+|\s+#*\s*$/g, "").trim();
