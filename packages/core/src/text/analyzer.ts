import { invalidOption } from "../errors/invalid-option.js";
import type { Analyzer, Token } from "./analyzer-port.js";
import { contentHash } from "./content-hash.js";
import { copyOf } from "./copy-of.js";
import { fold } from "./fold.js";
import { scanWords } from "./scan-words.js";
import { segmentUnspaced } from "./segment-unspaced.js";
import { SliceCache } from "./slice-cache.js";
import { stemmer, stripParticles } from "./stemmer.js";
import { stopWords } from "./stop-words.js";
import { type TextLanguage, textLanguages } from "./text-language.js";

/** Options of {@link analyzer}. */
export interface AnalyzerOptions {
  /** Language of stemmer and stop words; finding it out is the caller's. @default "en" */
  language?: TextLanguage | undefined;
  /** Whether words are stemmed. @default true */
  stem?: boolean | undefined;
  /** Words left out, compared without case and accents; none for []. @default those of the language */
  stopWords?: readonly string[] | undefined;
}

/** Raise when the terms of any text change: indexes made before are then refused, not mixed. */
const version = 1;
const cachedWords = 1 << 18;
const maxCachedWord = 64;
const apostrophe = /['’ʼ]/g;
const stopped = "";

/**
 * The analyzer of the lexical leg: folded, stemmed words; compounds, codes and numbers whole and in parts
 * (see {@link scanWords}); words of scripts without spaces by dictionary; Korean words without their particles.
 * Linear time in the text.
 *
 * @throws ClewError `invalid-option` when the language is not one of {@link textLanguages}
 */
export function analyzer({
  language = "en",
  stem = true,
  stopWords: stops = stopWords(language),
}: AnalyzerOptions = {}): Analyzer {
  if (!textLanguages.includes(language)) throw invalidOption("language", `one of ${textLanguages.join(", ")}`);
  const stopSet = new Set(stops.map(fold));
  const stemOf = stem ? stemmer(language) : (word: string) => word;
  const words = new SliceCache(cachedWords);
  const wholes = new SliceCache(cachedWords >> 3);

  const normaliseWord = (word: string): string => {
    if (language !== "tr" && asciiLetters.test(word)) {
      const small = word.toLowerCase();
      return stopSet.has(small) ? stopped : fold(stemOf(small));
    }
    const lower = (language === "tr" ? word.toLocaleLowerCase("tr") : word.toLowerCase()).normalize("NFC");
    const bare = lower.replace(apostrophe, "");
    const number = numberTerm(bare);
    if (number !== undefined) return number;
    if (stopSet.has(fold(lower)) || stopSet.has(fold(bare))) return stopped;
    return fold(stemOf(bare));
  };
  const normaliseWhole = (whole: string): string => {
    const folded = fold(whole).replace(/[‐‑]/g, "-").replace(apostrophe, "");
    return acronym.test(folded) ? folded.replaceAll(".", "") : folded;
  };
  const normaliseHangul = (word: string): string => fold(stem ? stripParticles(word.normalize("NFC")) : word);
  const normaliseUnspaced = (word: string): string => {
    const folded = fold(word);
    return stopSet.has(folded) ? stopped : folded;
  };

  const cached = (
    cache: SliceCache,
    normalise: (word: string) => string,
    text: string,
    start: number,
    end: number,
  ): string => {
    if (end - start > maxCachedWord) return copyOf(normalise(text.slice(start, end)));
    return cache.get(text, start, end) ?? cache.make(text, start, end, normalise);
  };

  const scan = (text: string, emit: (term: string, start: number, end: number, position: number) => void): void => {
    const send = (term: string, start: number, end: number, position: number): void => {
      if (term !== stopped) emit(term, start, end, position);
    };
    scanWords(text, {
      word: (start, end, position) => send(cached(words, normaliseWord, text, start, end), start, end, position),
      whole: (start, end, position) => send(cached(wholes, normaliseWhole, text, start, end), start, end, position),
      hangul: (start, end, position) => send(normaliseHangul(text.slice(start, end)), start, end, position),
      unspaced: (start, end, position) => {
        let taken = 0;
        for (const { span, pieces } of segmentUnspaced(text, start, end)) {
          const at = position + taken++;
          for (const [from, to] of [span, ...pieces]) send(normaliseUnspaced(text.slice(from, to)), from, to, at);
        }
        return taken;
      },
    });
  };

  return {
    fingerprint: `clew-analyzer-${version}:${language}:${stem ? "stem" : "whole"}:${contentHash([...stopSet].sort().join("\n")).slice(0, 8)}`,
    language,
    analyze(text) {
      const tokens: Token[] = [];
      scan(text, (term, start, end, position) => tokens.push({ term, start, end, position }));
      return tokens;
    },
    terms(text) {
      const terms: string[] = [];
      scan(text, (term) => terms.push(term));
      return terms;
    },
  };
}

const asciiLetters = /^[a-z]+$/i;
const acronym = /^\p{L}(?:\.\p{L})+$/u;
const grouped = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** A number as it is searched: without thousands separators; undefined for any other word. */
function numberTerm(word: string): string | undefined {
  if (!/^[\d.,]+$/.test(word)) return undefined;
  return grouped.test(word) ? word.replaceAll(",", "") : word;
}
