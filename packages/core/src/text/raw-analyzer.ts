import type { Analyzer, Token } from "./analyzer-port.js";

const run = /[a-z0-9]+/g;

/**
 * Lower case, runs of [a-z0-9], nothing else: the tokens of reference implementations, for comparison.
 * For search use {@link analyzer}.
 */
export function rawAnalyzer(): Analyzer {
  return {
    fingerprint: "clew-raw-1",
    language: "und",
    analyze: (text) => [...lowerCase(text).matchAll(run)].map(toToken),
    terms: (text) => lowerCase(text).match(run) ?? [],
  };
}

// İ alone grows in lower case, which would shift every offset behind it
const lowerCase = (text: string): string => text.replaceAll("İ", "i").toLowerCase();

const toToken = ({ 0: term, index: start }: RegExpMatchArray & { index: number }, position: number): Token => ({
  term,
  start,
  end: start + term.length,
  position,
});
