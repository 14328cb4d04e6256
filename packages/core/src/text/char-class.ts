/** Bits that say what a character is to the tokenizer; 0 for whatever separates words. */
export const charClass = {
  /** A letter without case, or a small one. */
  letter: 1,
  /** A capital. */
  upper: 2,
  digit: 4,
  /** A combining mark or joiner: belongs to the character before it. */
  mark: 8,
  /** A script written without spaces: Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar. */
  unspaced: 16,
  hangul: 32,
} as const;

const unspaced = /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u;
const hangul = /^\p{sc=Hangul}$/u;
const upper = /^[\p{Lu}\p{Lt}]$/u;
const letter = /^\p{L}$/u;
const digit = /^\p{N}$/u;
const mark = /^[\p{M}\u00ad\u200c\u200d]$/u;

function classify(character: string): number {
  if (letter.test(character) || mark.test(character)) {
    if (unspaced.test(character) && !/^\p{scx=Latn}$/u.test(character)) return charClass.unspaced;
    if (mark.test(character)) return charClass.mark;
    if (hangul.test(character)) return charClass.hangul;
    return upper.test(character) ? charClass.upper : charClass.letter;
  }
  if (!digit.test(character)) return 0;
  return unspaced.test(character) ? charClass.unspaced : charClass.digit;
}

const unknown = 255;
const table = new Uint8Array(0x10000).fill(unknown);

/** Class of the UTF-16 code unit at `index`; both halves of a surrogate pair have the class of their code point. */
export function charClassAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0xd800 && code <= 0xdfff) {
    const low = code >= 0xdc00 && index > 0;
    const point = text.codePointAt(low ? index - 1 : index)!;
    return point > 0xffff ? classify(String.fromCodePoint(point)) : 0;
  }
  let found = table[code]!;
  if (found === unknown) {
    found = classify(String.fromCharCode(code));
    table[code] = found;
  }
  return found;
}
