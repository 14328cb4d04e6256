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
  const firstWords = new Set(Array.from(byKey.keys(), (key) => key.split(" ", 1)[0]!));
  return passages.map(({ sentences }, own) =>
    sentences.map(({ text, openers }) => {
      const found = new Set<number>();
      if (!hasAny(openers, firstWords)) return [];
      for (const { key } of findMentions(text, byKey)) {
        for (const other of byKey.get(key)!) if (other !== own) found.add(other);
      }
      return [...found];
    }),
  );
}

function hasAny(words: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  for (const word of words) if (wanted.has(word)) return true;
  return false;
}
