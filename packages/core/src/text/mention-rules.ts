import { stopWords } from "./stop-words.js";

/** A key of one word must be this long, in UTF-16 code units, or it is too common. */
const minSingle = 5;
const stops = new Set(stopWords("en"));
const namesSomething = /^(?:\p{Lu}|\p{Lt}|\p{Lo}|\p{N})/u;
const ideographs = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hangul}]+$/u;

/** Words that a mention spans at most. */
export const maxMentionWords = 8;

/** Whether a mention may begin at this offset: at a capital, a digit, or a letter of a script without case. */
export const opensMention = (text: string, at: number): boolean => namesSomething.test(text.slice(at, at + 2));

/** Whether a key of one word says enough to be a mention: 5 characters or more and no English stop word. */
export const isTellingWord = (key: string): boolean =>
  ideographs.test(key) || (key.length >= minSingle && !stops.has(key));
