import { wordTokens } from "./word-tokens.js";

/** Keys of fewer characters name too many things; those of scripts without an alphabet need two. */
const minCharacters = 4;
const ideographs = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hangul}]{2,}$/u;

/**
 * Keys under which a title is mentioned in other texts: its folded words joined by one space, with and without a trailing
 * "(…)". Keys of 3 characters or fewer, or of digits alone, are left out.
 *
 * @returns up to two keys, the longer first
 */
export function titleKeys(title: string): string[] {
  const keys = [title, withoutParentheses(title)].map((name) =>
    wordTokens(name)
      .map(({ term }) => term)
      .join(" "),
  );
  return [...new Set(keys)].filter(
    (key) => (key.length >= minCharacters || ideographs.test(key)) && !/^[\p{N}\s]+$/u.test(key),
  );
}

/** A title without the "(…)" at its end. No regular expression: on long runs of white space one would take quadratic time. */
function withoutParentheses(title: string): string {
  const trimmed = title.trimEnd();
  const open = trimmed.lastIndexOf("(");
  if (!trimmed.endsWith(")") || open < 0 || trimmed.indexOf(")", open) < trimmed.length - 1) return title;
  return trimmed.slice(0, open).trimEnd();
}
