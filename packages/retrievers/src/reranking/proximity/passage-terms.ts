import type { Analyzer } from "@clew/core/text";
import type { QueryTerms } from "./query-terms.js";

/** Where the question's terms stand in a passage. */
export interface PassageTerms {
  /** Occurrences in the text, in its order: number of the term, position in words. */
  readonly places: readonly { readonly number: number; readonly position: number }[];
  /** Positions of each term in the text, by its number, ascending. */
  readonly positions: readonly (readonly number[])[];
  /** Numbers of the question's terms in the title. */
  readonly inTitle: ReadonlySet<number>;
  /** Distinct terms of the title. */
  readonly titleLength: number;
}

/** Finds the question's terms in a passage. Linear time in its text. */
export function passageTerms(
  { title, text }: { readonly title: string; readonly text: string },
  { numbers }: QueryTerms,
  analyzer: Analyzer,
): PassageTerms {
  const places: { number: number; position: number }[] = [];
  const positions: number[][] = Array.from({ length: numbers.size }, () => []);
  for (const { term, position } of analyzer.analyze(text)) {
    const number = numbers.get(term);
    if (number === undefined) continue;
    places.push({ number, position });
    positions[number]!.push(position);
  }
  const titled = new Set(analyzer.terms(title));
  const inTitle = new Set([...titled].flatMap((term) => numbers.get(term) ?? []));
  return { places, positions, inTitle, titleLength: titled.size };
}
