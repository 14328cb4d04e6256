import type { Span } from "../source/span.js";
import { isTellingWord, maxMentionWords, opensMention } from "./mention-rules.js";
import { wordTokens } from "./word-tokens.js";

/** A title key found in a text. */
export interface KeyMention {
  readonly key: string;
  /** [start, end) in UTF-16 code units. */
  readonly span: Span;
}

/**
 * Finds title keys (see {@link titleKeys}) in a text: the longest match of up to 8 words, whose first begins with a capital,
 * a digit, or a letter of a script without case; single words of 5 characters or more that are no English stop words.
 *
 * @param keys what knows the keys: a Map from key to passages, or a Set
 * @returns mentions in order, not overlapping
 */
export function findMentions(text: string, keys: { has(key: string): boolean }): KeyMention[] {
  const tokens = wordTokens(text);
  const mentions: KeyMention[] = [];
  for (let i = 0; i < tokens.length; ) {
    const { term, span } = tokens[i]!;
    let found: KeyMention | undefined;
    let next = i + 1;
    if (opensMention(text, span[0])) {
      let key = term;
      for (let j = i; ; ) {
        if (keys.has(key) && (j > i || isTellingWord(key))) {
          found = { key, span: [span[0], tokens[j]!.span[1]] };
          next = j + 1;
        }
        j++;
        if (j === tokens.length || j - i === maxMentionWords) break;
        key += ` ${tokens[j]!.term}`;
      }
    }
    if (found !== undefined) mentions.push(found);
    i = next;
  }
  return mentions;
}
