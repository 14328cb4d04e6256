/**
 * Languages that the analyzer knows, by ISO 639-1 code; `und` is any other: no stemming, no stop words.
 * Scripts without spaces are segmented under every one of them.
 */
export type TextLanguage = (typeof textLanguages)[number];

/** Every {@link TextLanguage}. */
export const textLanguages = [
  "da",
  "de",
  "en",
  "es",
  "fi",
  "fr",
  "hu",
  "it",
  "ja",
  "ko",
  "nl",
  "no",
  "pt",
  "ro",
  "ru",
  "sv",
  "th",
  "tr",
  "zh",
  "und",
] as const;
