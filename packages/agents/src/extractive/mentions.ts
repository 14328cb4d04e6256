import { findMentions } from "@clew/core/text";
import type { PassageReading } from "./read-evidence.js";

/** For each sentence of each passage, the other passages whose titles it mentions, in order. */
export type Mentions = readonly (readonly (readonly number[])[])[];

/** Finds the links among the passages gathered: mentions of one's title in a sentence of another. */
export function mentions(passages: readonly PassageReading[]): Mentions {
  const byKey = new Map<string, number[]>();
  for (const [index, { titleKeys }] of passages.entries()) {
    for (const key of titleKeys) byKey.set(key, [...(byKey.get(key) ?? []), index]);
  }
  const byFirst = new Map<string, string[][]>();
  for (const key of byKey.keys()) {
    const words = key.split(" ");
    byFirst.set(words[0]!, [...(byFirst.get(words[0]!) ?? []), words]);
  }
  return passages.map(({ sentences }, own) =>
    sentences.map(({ text, openers, words }) => {
      const found = new Set<number>();
      if (!mayMention(openers, words, byFirst)) return [];
      for (const { key } of findMentions(text, byKey)) {
        for (const other of byKey.get(key)!) if (other !== own) found.add(other);
      }
      return [...found];
    }),
  );
}

/** Quick to tell: a sentence that mentions a title holds all its words. */
function mayMention(
  openers: ReadonlySet<string>,
  words: ReadonlySet<string>,
  byFirst: ReadonlyMap<string, readonly (readonly string[])[]>,
): boolean {
  for (const opener of openers) {
    if (byFirst.get(opener)?.some((key) => key.every((word) => words.has(word)))) return true;
  }
  return false;
}
