import { isTellingWord, titleKeys } from "@clew/core/text";
import { nameHash, wordHash } from "./name-hash.js";

/** A key of a title or heading, as the link leg knows it. */
export interface TitleHash {
  readonly key: number;
  /** Its first word. */
  readonly first: number;
}

/** The keys of a title that a text can mention: a key of one word must be telling. */
export const titleHashes = (title: string): TitleHash[] =>
  titleKeys(title)
    .filter((key) => key.includes(" ") || isTellingWord(key))
    .map((key) => ({ key: nameHash(key), first: wordHash(key.split(" ", 1)[0]!) }));
