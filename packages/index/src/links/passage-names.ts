import type { Passage } from "@clew/core";
import { type CapitalisedRun, capitalisedRuns, opensMention, wordTokens } from "@clew/core/text";
import { freeBit, nameHash, wordHash } from "./name-hash.js";
import { titleHashes } from "./title-hashes.js";

/** What the link leg keeps of one passage: enough to find any title in its text later, without reading the text. */
export interface PassageNames {
  /** Each word of the text: its hash, with {@link opens} where a mention may begin. */
  readonly words: Int32Array;
  /** Hashes of the names in title and text, distinct, ascending. */
  readonly entities: Int32Array;
  /** Keys of the heading that begins here, each with its first word; none where the section began in an earlier passage. */
  readonly headings: Int32Array;
}

/** The bit of a word that says whether a mention may begin with it. */
export const opens = freeBit;

/** Names of the passages of one source, in their order; yields after each. */
export function* namesOf(passages: readonly Passage[]): Generator<void, PassageNames[]> {
  const begun = new Set<string>();
  const names: PassageNames[] = [];
  for (const { text, title, headings } of passages) {
    const tokens = wordTokens(text);
    const words = Int32Array.from(
      tokens,
      ({ term, span }) => wordHash(term) | (opensMention(text, span[0]) ? opens : 0),
    );
    const heading = headings.at(-1) ?? "";
    const begins = heading !== "" && heading !== title && !begun.has(heading);
    begun.add(heading);
    names.push({
      words,
      entities: hashes([...capitalisedRuns(title), ...capitalisedRuns(text, tokens)]),
      headings: begins
        ? Int32Array.from(titleHashes(heading).flatMap(({ key, first }) => [key, first]))
        : new Int32Array(),
    });
    yield;
  }
  return names;
}

const hashes = (runs: readonly CapitalisedRun[]): Int32Array =>
  Int32Array.from(new Set(runs.map(({ key }) => nameHash(key)))).sort();
