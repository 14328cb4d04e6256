const joiner = /^(?:\p{M}|\u200d)/u;

/**
 * The last place at or before `at`, and after `from`, where a text may be cut: not inside a surrogate pair, and not
 * inside a combining or joined sequence unless the whole of `[from, at)` is one.
 *
 * @returns an offset in (from, at], or `from + 2` for a pair that starts at `from`
 */
export function cutPoint(text: string, at: number, from: number): number {
  if (at >= text.length) return text.length;
  let cut = wholePair(text, at, from);
  if (cut >= text.length) return text.length;
  const fallback = cut;
  while (cut > from && (joiner.test(characterAt(text, cut)) || text.charCodeAt(cut - 1) === 0x200d)) {
    cut = wholePair(text, cut - 1, from - 1);
  }
  return cut > from ? cut : fallback;
}

const characterAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at)!);
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

function wholePair(text: string, at: number, from: number): number {
  if (!isLow(text.charCodeAt(at)) || !isHigh(text.charCodeAt(at - 1))) return at;
  return at - 1 > from ? at - 1 : at + 1;
}
