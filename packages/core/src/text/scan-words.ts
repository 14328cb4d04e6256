import { charClass, charClassAt } from "./char-class.js";
import { innerParts } from "./inner-parts.js";

/** Receives what {@link scanWords} finds; offsets in UTF-16 code units, `position` counted in words from 0. */
export interface WordSink {
  /** A run of letters and digits, or a number with its separators. */
  word(start: number, end: number, position: number): void;
  /** A compound, identifier or code as a whole; its parts follow as words, the first at the same position. */
  whole(start: number, end: number, position: number): void;
  /** A run of a script without spaces. Returns how many positions it took. */
  unspaced(start: number, end: number, position: number): number;
  /** A run of Hangul. */
  hangul(start: number, end: number, position: number): void;
}

const letters = charClass.letter | charClass.upper;
const alphanumeric = letters | charClass.digit;
const inWord = alphanumeric | charClass.mark;

/** Longest word in UTF-16 code units, as in Lucene; what is longer is cut into pieces. */
const maxWord = 255;
/** Longest compound that is found as a whole: UTF-16 code units, and parts. */
const maxWhole = 64;
const maxAtoms = 12;

const codes = (characters: string): ReadonlySet<number> => new Set([...characters].map((c) => c.charCodeAt(0)));
const dot = ".".charCodeAt(0);
const comma = ",".charCodeAt(0);
const colon = ":".charCodeAt(0);
const asciiApostrophe = "'".charCodeAt(0);
const apostrophes = codes("'’ʼ");
const connectors = codes("-‐‑.:_/@&");
const identifying = codes(":_@&");
const contractions = new Set(["t", "re", "ve", "ll", "d", "m"]);

/**
 * Cuts a text into words, and compounds into their parts, in one pass.
 *
 * - `snake_case`, `user@host.tld`, `foo.bar`, `ISO-9001:2015`, `10-K`, `R&D`: the whole, and each part;
 * - `CamelCase`, `3.5kg`, `covid19`, `v1.2.3`: the run, and its parts (see {@link innerParts});
 * - `well-known`, `and/or`, of letters only: the parts alone;
 * - `1,577` and `3.5`: one number; `U.S.`: the letters as one whole;
 * - `Mary's`: `Mary`; `don't`: one word.
 */
export function scanWords(text: string, sink: WordSink): void {
  const { length } = text;
  const starts = new Uint32Array(maxAtoms);
  const ends = new Uint32Array(maxAtoms);
  const plain = new Uint8Array(maxAtoms);
  let position = 0;
  let at = 0;
  let runIsPlain = true;

  const digitAt = (index: number): boolean => index < length && charClassAt(text, index) === charClass.digit;
  const separatesDigits = (index: number): boolean => {
    const character = text.charCodeAt(index);
    if (character === dot) return digitAt(index + 1);
    return character === comma && digitAt(index + 1) && digitAt(index + 2) && digitAt(index + 3) && !digitAt(index + 4);
  };

  const runEnd = (from: number): number => {
    const first = charClassAt(text, from);
    let rest = 0;
    let last = first;
    let end = from;
    let separators = 0;
    for (;;) {
      while (++end < length) {
        const found = charClassAt(text, end) & inWord;
        if (found === 0) break;
        rest |= found;
        last = found;
      }
      if (end >= length || last !== charClass.digit || !separatesDigits(end)) break;
      separators++;
    }
    rest &= alphanumeric;
    runIsPlain =
      separators < 2 && (rest === 0 || rest === first || (rest === charClass.letter && first === charClass.upper));
    return end;
  };

  const cutLong = (start: number, end: number, emit: (from: number, to: number) => void): void => {
    for (let from = start; from < end; ) {
      const to = wholeCharacters(text, from, Math.min(end, from + maxWord));
      emit(from, to);
      from = to;
    }
  };

  const emitWord = (start: number, end: number, isPlain: boolean): void => {
    if (end - start > maxWord) {
      cutLong(start, end, (from, to) => sink.word(from, to, position++));
      return;
    }
    sink.word(start, end, position);
    if (isPlain) {
      position++;
      return;
    }
    const parts = innerParts(text, start, end);
    for (const [index, [from, to]] of parts.entries()) sink.word(from, to, position + index);
    position += Math.max(1, parts.length);
  };

  const compound = (start: number): number => {
    let end = start;
    let atoms = 0;
    let fits = true;
    let identifies = false;
    let hasDigit = false;
    let isAcronym = true;
    for (;;) {
      const atomStart = end;
      end = runEnd(atomStart);
      let atomEnd = end;
      let isPlain = runIsPlain;
      if (end + 1 < length && apostrophes.has(text.charCodeAt(end)) && charClassAt(text, end + 1) & letters) {
        const tail = suffixEnd(text, end + 1);
        const suffix = text.slice(end + 1, tail).toLowerCase();
        if (suffix === "s") end = tail;
        else if (contractions.has(suffix)) {
          end = tail;
          atomEnd = tail;
          isPlain = true;
        }
      }
      isAcronym &&= end - atomStart === 1 && (charClassAt(text, atomStart) & letters) !== 0;
      hasDigit ||= !isPlain || digitAt(atomStart) || digitAt(atomEnd - 1);
      if (atoms === maxAtoms) {
        for (let i = 0; i < atoms; i++) emitWord(starts[i]!, ends[i]!, plain[i] === 1);
        atoms = 0;
        fits = false;
      }
      starts[atoms] = atomStart;
      ends[atoms] = atomEnd;
      plain[atoms] = isPlain ? 1 : 0;
      atoms++;
      const connector = end + 1 < length ? text.charCodeAt(end) : 0;
      if (!connectors.has(connector) || (charClassAt(text, end + 1) & alphanumeric) === 0) break;
      if (connector === colon && !digitAt(end - 1) && !digitAt(end + 1)) break;
      isAcronym &&= connector === dot;
      identifies ||= connector === dot || identifying.has(connector);
      end++;
    }
    if (atoms === 1) emitWord(starts[0]!, ends[0]!, plain[0] === 1);
    else if (fits && isAcronym) sink.whole(start, end, position++);
    else {
      if (fits && (identifies || hasDigit) && end - start <= maxWhole) sink.whole(start, ends[atoms - 1]!, position);
      for (let i = 0; i < atoms; i++) emitWord(starts[i]!, ends[i]!, plain[i] === 1);
    }
    return end;
  };

  while (at < length) {
    const plainEnd = plainWordEnd(text, at);
    if (plainEnd > at) {
      sink.word(at, plainEnd, position++);
      at = plainEnd;
      continue;
    }
    const found = charClassAt(text, at);
    if ((found & alphanumeric) !== 0) at = compound(at);
    else if (found === charClass.unspaced || found === charClass.hangul) {
      const start = at;
      while (++at < length && (charClassAt(text, at) & (found | charClass.mark)) !== 0);
      if (found === charClass.unspaced) position += sink.unspaced(start, at, position);
      else cutLong(start, at, (from, to) => sink.hangul(from, to, position++));
    } else at++;
  }
}

const isSmall = (code: number): boolean => code >= 97 && code <= 122;
const isCapital = (code: number): boolean => code >= 65 && code <= 90;
/** ASCII characters that no word goes on with. */
const separates = (code: number): boolean => code < 0x80 && !isSmall(code) && !isCapital(code) && !isDigit(code);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** End of a word of ASCII letters, small but for the first, that stands alone; `at` where a closer look is needed. */
function plainWordEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (!isSmall(first) && !isCapital(first)) return at;
  const { length } = text;
  let end = at + 1;
  while (end < length && isSmall(text.charCodeAt(end))) end++;
  if (end - at > maxWord) return at;
  if (end === length) return end;
  const next = text.charCodeAt(end);
  if (!separates(next) || next === asciiApostrophe) return at;
  if (!connectors.has(next) || end + 1 === length || separates(text.charCodeAt(end + 1))) return end;
  return at;
}

/** `end`, or one less where it would cut a surrogate pair. */
function wholeCharacters(text: string, start: number, end: number): number {
  const code = text.charCodeAt(end);
  return end < text.length && code >= 0xdc00 && code <= 0xdfff && end - start > 1 ? end - 1 : end;
}

/** End of the letters after an apostrophe, looked at no further than three: longer ones are words. */
function suffixEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < 3 && (charClassAt(text, end) & inWord) !== 0) end++;
  return end;
}
