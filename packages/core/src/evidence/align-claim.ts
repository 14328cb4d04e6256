import { positiveInteger } from "../errors/check-number.js";
import type { Span } from "../source/span.js";
import type { Analyzer } from "../text/analyzer-port.js";
import { sentences } from "../text/sentences.js";
import type { DraftCitation } from "./citation.js";
import { type Claim, readClaim } from "./claim.js";
import { defaultAnalyzer } from "./default-analyzer.js";
import type { Evidence } from "./evidence.js";
import { withoutMarkers } from "./evidence-markers.js";

/** Options of {@link alignClaim}. */
export interface AlignClaimOptions {
  /** Most quotes. @default 3 */
  maxQuotes?: number | undefined;
  /** Makes the terms that are compared. @default the English one */
  analyzer?: Analyzer | undefined;
}

const minCoverage = 0.6;
const exactWeight = 2;

/**
 * Finds the evidence that a sentence leans on, for writers that cite nothing, or no quotes: sentences of the passages,
 * chosen one after the other, each for the terms of the sentence that the ones before it left uncovered. Names, numbers and dates count
 * twice; titles and headings count for the sentences below them. Ties go to the earlier evidence, then the earlier sentence.
 *
 * It says where support is likeliest, not that there is any: that is `verifySentence`'s to find.
 *
 * @returns whole sentences, verbatim; none where the best choice leaves more than 40 % uncovered
 * @throws ClewError `invalid-option` when `maxQuotes` is no whole number of 1 or more
 */
export function alignClaim(
  sentence: string,
  evidence: readonly Evidence[],
  { maxQuotes = 3, analyzer = defaultAnalyzer() }: AlignClaimOptions = {},
): (DraftCitation & { readonly quote: string })[] {
  positiveInteger("maxQuotes", maxQuotes);
  const wanted = keysOf(readClaim(withoutMarkers(sentence), analyzer), analyzer);
  const total = sum(wanted);
  if (total === 0) return [];
  const candidates = evidence.flatMap((one, order) => candidatesOf(one, order, wanted, analyzer));

  const covered = new Set<string>();
  const chosen: Candidate[] = [];
  while (chosen.length < maxQuotes) {
    let best: Candidate | undefined;
    let bestGain = 0;
    for (const candidate of candidates) {
      const ownGain = gain(candidate.own, wanted, covered);
      // its title alone is no reason to quote a sentence
      if (ownGain === 0 || (chosen.length > 0 && ownGain < exactWeight)) continue;
      const both = ownGain + gain(candidate.above, wanted, new Set([...covered, ...candidate.own]));
      if (both > bestGain) {
        best = candidate;
        bestGain = both;
      }
    }
    if (best === undefined) break;
    chosen.push(best);
    for (const key of [...best.own, ...best.above]) covered.add(key);
  }
  if (gain(covered, wanted, new Set()) < minCoverage * total) return [];
  return chosen
    .sort((a, b) => a.order - b.order || a.span[0] - b.span[0])
    .map(({ id, text, span }) => ({ evidence: id, quote: text.slice(...span) }));
}

interface Candidate {
  readonly id: string;
  readonly order: number;
  readonly text: string;
  readonly span: Span;
  /** Keys of the claim that the sentence holds, and those that its title and headings hold. */
  readonly own: ReadonlySet<string>;
  readonly above: ReadonlySet<string>;
}

function candidatesOf(
  { id, passage }: Evidence,
  order: number,
  wanted: ReadonlyMap<string, number>,
  analyzer: Analyzer,
): Candidate[] {
  const { text, title, headings } = passage;
  const above = heldBy([title, ...headings].join("\n\n"), wanted, analyzer);
  return sentences(text).map((span) => ({
    id,
    order,
    text,
    span,
    above,
    own: heldBy(text.slice(...span), wanted, analyzer),
  }));
}

function heldBy(text: string, wanted: ReadonlyMap<string, number>, analyzer: Analyzer): Set<string> {
  const claim = readClaim(text, analyzer);
  const held = [...exactKeys(claim), ...analyzer.terms(text).map(wordKey), ...[...claim.words].map(wordKey)];
  return new Set(held.filter((key) => wanted.has(key)));
}

const wordKey = (term: string): string => `word ${term}`;

/** A date counts as its year as well, so that "2021" and "15 March 2021" meet. */
const exactKeys = ({ numbers, dates }: Claim): string[] => [
  ...numbers.map(({ value }) => `number ${Math.abs(value)}`),
  ...dates.flatMap(({ value }) => [`date ${value}`, `date ${value.slice(0, 4)}`]),
];

function keysOf(claim: Claim, analyzer: Analyzer): Map<string, number> {
  const keys = new Map<string, number>();
  for (const word of claim.words) keys.set(wordKey(word), 1);
  for (const { tokens } of claim.names)
    for (const term of analyzer.terms(tokens.join(" "))) keys.set(wordKey(term), exactWeight);
  for (const key of exactKeys(claim)) keys.set(key, exactWeight);
  return keys;
}

const sum = (weights: ReadonlyMap<string, number>): number => [...weights.values()].reduce((a, b) => a + b, 0);

function gain(keys: Iterable<string>, wanted: ReadonlyMap<string, number>, covered: ReadonlySet<string>): number {
  let total = 0;
  for (const key of keys) if (!covered.has(key)) total += wanted.get(key) ?? 0;
  return total;
}
