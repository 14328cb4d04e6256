import type { Analyzer } from "../text/analyzer-port.js";
import { sentences } from "../text/sentences.js";
import type { Citation } from "./citation.js";
import { type Claim, readClaim } from "./claim.js";

/** Two quotes that say the same thing with another number or date. */
export interface Conflict {
  readonly between: readonly [Citation, Citation];
  /** For people: what each says. */
  readonly message: string;
}

const minShared = 3;
const minLikeness = 0.6;

/**
 * Finds quotes of different evidence that contradict each other in a number or a date. Made to miss rather than to accuse:
 * a pair counts only where two of their sentences share 60 % of their content words (3 or more), speak of the same names (or, naming
 * nobody, stand under the same title), and differ in the values of numbers with the same units, or in dates of the same
 * exactness, and in nothing else.
 *
 * @returns conflicts in order of the citations, at most one a pair
 */
export function conflictsAmong(citations: readonly Citation[], analyzer: Analyzer): Conflict[] {
  if (citations.length < 2) return [];
  const read = citations.map(({ quote }) =>
    sentences(quote).map(([start, end]) => ({
      text: quote.slice(start, end),
      claim: readClaim(quote.slice(start, end), analyzer),
    })),
  );
  const conflicts: Conflict[] = [];
  for (const [i, a] of citations.entries()) {
    for (const [j, b] of citations.entries()) {
      if (j <= i || a.evidence === b.evidence) continue;
      const sameTitle = a.title !== "" && a.title === b.title;
      const pair = read[i]!.flatMap((one) =>
        read[j]!.filter((other) => disagree(one.claim, other.claim, sameTitle)).map(
          (other) => [one.text, other.text] as const,
        ),
      )[0];
      if (pair === undefined) continue;
      conflicts.push({
        between: [a, b],
        message: `${a.evidence} says "${pair[0]}", but ${b.evidence} says "${pair[1]}".`,
      });
    }
  }
  return conflicts;
}

function disagree(a: Claim, b: Claim, sameTitle: boolean): boolean {
  const shared = [...a.words].filter((word) => b.words.has(word)).length;
  if (shared < minShared || shared < minLikeness * new Set([...a.words, ...b.words]).size) return false;
  const names = ({ names: found }: Claim): string =>
    [...new Set(found.flatMap(({ tokens }) => tokens))].sort().join(" ");
  if (names(a) !== names(b) || (names(a) === "" && !sameTitle)) return false;
  const values = (claim: Claim): string[] => claim.numbers.map(({ value, unit }) => `${value} ${unit ?? ""}`);
  const units = (claim: Claim): string[] => claim.numbers.map(({ unit }) => unit ?? "");
  const dates = (claim: Claim): string[] => claim.dates.map(({ value }) => value);
  const exactness = (claim: Claim): string[] => claim.dates.map(({ value }) => value.replace(/\d/g, "0"));
  const numbersDiffer = !equal(values(a), values(b));
  const datesDiffer = !equal(dates(a), dates(b));
  if (numbersDiffer) return !datesDiffer && equal(units(a), units(b));
  // the same number for another year is a series, not a contradiction
  return datesDiffer && a.numbers.length === 0 && equal(exactness(a), exactness(b));
}

const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
