import { type Note, note } from "@clew/core";
import { stopWords, type TextLanguage, textLanguages } from "@clew/core/text";

/** Words looked at in one text. */
const wordsRead = 400;
const fewestWords = 20;
/** Share of words that are stop words of the language, at least; and the lead over the next one. */
const leastShare = 0.15;
const leastLead = 1.3;

const allLooked = 256;
const sampleEvery = 16;

const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\p{sc=Hira}\p{sc=Kana}]/gu, "ja"],
  [/\p{sc=Hangul}/gu, "ko"],
  [/\p{sc=Han}/gu, "zh"],
  [/\p{sc=Thai}/gu, "th"],
  [/\p{sc=Arabic}/gu, "ar"],
  [/\p{sc=Hebrew}/gu, "he"],
  [/\p{sc=Devanagari}/gu, "hi"],
  [/\p{sc=Greek}/gu, "el"],
  [/\p{sc=Cyrillic}/gu, "ru"],
];
const scriptSample = 2000;
/** Share of the letters that a script needs, before it tells the language. */
const scriptShare = 0.4;

const wordLists = textLanguages
  .filter((language): language is TextLanguage => !["ja", "zh", "ru", "th", "ko", "und"].includes(language))
  .map((language) => [language, new Set(stopWords(language))] as const);

/** The language of a text by its script and its commonest words; undefined when it does not show. */
export function detectLanguage(text: string): string | undefined {
  const sample = text.slice(0, scriptSample);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  for (const [script, language] of scripts) {
    const count = sample.match(script)?.length ?? 0;
    // kana stand between the characters that Japanese shares with Chinese
    if (count > 0 && count >= letters * (language === "ja" ? 0.1 : scriptShare)) return language;
  }
  const words = (
    text
      .slice(0, wordsRead * 8)
      .toLowerCase()
      .match(/[\p{L}']+/gu) ?? []
  ).slice(0, wordsRead);
  if (words.length < fewestWords) return undefined;
  const [best, second] = wordLists
    .map(([language, list]) => ({ language, share: words.filter((word) => list.has(word)).length / words.length }))
    .sort((a, b) => b.share - a.share);
  if (best === undefined || best.share < leastShare || best.share < (second?.share ?? 0) * leastLead) return undefined;
  return best.language;
}

/** Counts characters by language, and says when most of them are none of the embedder's. */
export class LanguageCount {
  readonly #characters = new Map<string, number>();
  #total = 0;
  #offered = 0;

  /** Whether the next source is part of the sample: the first ones, and then one now and again. */
  wants(): boolean {
    return this.#offered++ < allLooked || this.#offered % sampleEvery === 0;
  }

  /** `language` is the source's own statement, if it makes one. */
  add(text: string, language: string | undefined): void {
    const found = primary(language) ?? detectLanguage(text);
    this.#total += text.length;
    if (found !== undefined) this.#characters.set(found, (this.#characters.get(found) ?? 0) + text.length);
  }

  /** A note when more than half of the text is in one language that is not among these. */
  noteFor(embedder: string, languages: readonly string[] | undefined): Note | undefined {
    if (languages === undefined) return undefined;
    const known = new Set(languages.map(primary));
    const [most] = [...this.#characters].sort(([, a], [, b]) => b - a);
    if (most === undefined || known.has(most[0]) || most[1] * 2 <= this.#total) return undefined;
    const [language] = most;
    return note(
      "language-unknown-to-embedder",
      `Most of the text (of a sample) looks like language "${language}", which ${embedder} was not made for (it knows ${languages.join(", ")}): ` +
        'dense search will be weak. A multilingual embedder does better, such as "intfloat/multilingual-e5-small".',
      { language, embedder, languages: [...languages] },
    );
  }
}

const primary = (tag: string | undefined): string | undefined => tag?.split("-")[0]?.toLowerCase();
