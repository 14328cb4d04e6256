// Combining marks of scripts whose letters keep their identity without them. The vowel signs of Thai or Devanagari stay:
// without them words collapse into each other. Soft hyphens and zero-width characters go as well.
const dropped =
  /(?:[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06dc]|[\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]|[\ufe00-\ufe0f]|[\u00ad\u0670\u200b\u200c\u2060\ufeff]|\u200d)+/g;

// Letters with a stroke or a ligature that Unicode does not decompose.
const spelled: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ħ: "h",
  ı: "i",
  ł: "l",
  ŧ: "t",
  þ: "th",
  ς: "σ",
};
const spelledLetters = /[ßæœøđðħıłŧþς]/g;

const ascii = /^[\0-\x7f]*$/;

// One piece of a text that folds alone: a code point with the marks, joiners and Hangul jamo that follow it.
const piece = /[\s\S][\udc00-\udfff]?(?:[\p{M}\u00ad\u1160-\u11ff\u200b-\u200d\uff9e\uff9f]+)?/gu;

/** A folded text with the way back to the text it came from. */
export interface FoldedText {
  readonly text: string;
  /**
   * Offset in the original of each UTF-16 code unit of `text`, and one more entry for the end, so that
   * `[offsets[i], offsets[j])` is the original of `text.slice(i, j)` wherever i and j stand on letters.
   */
  readonly offsets: Uint32Array;
}

/**
 * Folds a text for comparison: NFKD, accents and points removed, lower case, and letters such as ß, æ, ø and ł spelled
 * out, composed again (NFC). Marks that carry a vowel (Thai, Indic scripts) stay. Idempotent.
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(dropped, "")
    .replace(spelledLetters, (letter) => spelled[letter]!)
    .normalize("NFC");
}

/** {@link fold} with offsets in UTF-16 code units that lead back to `text`. */
export function foldWithMap(text: string): FoldedText {
  if (ascii.test(text))
    return { text: text.toLowerCase(), offsets: Uint32Array.from({ length: text.length + 1 }, (_, i) => i) };
  const parts: string[] = [];
  const offsets: number[] = [];
  for (const { 0: original, index } of text.matchAll(piece)) {
    const folded = fold(original);
    parts.push(folded);
    for (let i = 0; i < folded.length; i++) offsets.push(index);
  }
  offsets.push(text.length);
  return { text: parts.join(""), offsets: Uint32Array.from(offsets) };
}
