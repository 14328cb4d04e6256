import snowball from "snowball-stemmers";
import { porter2 } from "./porter2.js";
import type { TextLanguage } from "./text-language.js";

const algorithms: Partial<Record<TextLanguage, string>> = {
  da: "danish",
  de: "german",
  es: "spanish",
  fi: "finnish",
  fr: "french",
  hu: "hungarian",
  it: "italian",
  nl: "dutch",
  no: "norwegian",
  pt: "portuguese",
  ro: "romanian",
  ru: "russian",
  sv: "swedish",
  tr: "turkish",
};

/** Longest word that is stemmed, in UTF-16 code units; what is longer is a code, not a word. */
const maxStemmed = 40;

/**
 * Snowball stemmer of a language (English: Porter2); the identity where the library has none.
 * Words are given in lower case, with their accents.
 *
 * @see Porter, "Snowball: A language for stemming algorithms", 2001
 */
export function stemmer(language: TextLanguage): (word: string) => string {
  if (language === "ko") return stripParticles;
  if (language === "en") return (word) => (word.length > maxStemmed ? word : porter2(word) || word);
  const algorithm = algorithms[language];
  if (algorithm === undefined) return (word) => word;
  const made = snowball.newStemmer(algorithm);
  return (word) => (word.length > maxStemmed ? word : made.stem(word) || word);
}

const particles =
  /(?:에서는|에게서|으로서|으로써|으로는|이라는|에서|에게|으로|까지|부터|처럼|보다|하고|이나|이다|이며|은|는|이|가|을|를|의|에|와|과|도|만|로)$/;

/** Takes the particles off the end of a Korean word, as long as two syllables remain. */
export function stripParticles(word: string): string {
  for (let stem = word; ; ) {
    const shorter = stem.replace(particles, "");
    if (shorter === stem || shorter.length < 2) return stem;
    stem = shorter;
  }
}
