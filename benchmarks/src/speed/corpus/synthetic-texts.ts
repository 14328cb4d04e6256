import { stopWords } from "@clew/core/text";
import { type SeededRandom, seededRandom } from "./seeded-random.js";
import type { SpeedPassage, SpeedTexts } from "./speed-corpus.js";

/** Options of {@link syntheticTexts}. */
export interface SyntheticTextsOptions {
  readonly passages: number;
  readonly queries: number;
  readonly seed: number;
}

const vocabularySize = 60_000;
/** Share of English words that any text repeats. */
const shareOfStopWords = 0.4;
const onsets = "b br c ch d dr f g gr h j k l m n p pl r s st t tr v w z".split(" ");
const vowels = "a e i o u ai ea io ou".split(" ");
const codas = ["", "", "l", "n", "r", "s", "t", "nd", "rk"];

/**
 * Texts of about 100 words for whoever has no data set: made-up words by Zipf's law among English stop words, titles,
 * and mentions of other titles. Equal seeds make equal texts.
 *
 * @see Zipf, "Human Behavior and the Principle of Least Effort", 1949; Mandelbrot's shift of the ranks
 */
export function syntheticTexts({ passages: count, queries: asked, seed }: SyntheticTextsOptions): SpeedTexts {
  const random = seededRandom(seed);
  const words = vocabulary(random);
  const draw = zipf(words, random);
  const stops = stopWords("en");
  const titles = new Set<string>();
  while (titles.size < count) titles.add(`${capital(random.pick(words))} ${capital(random.pick(words))}`);
  const titled = [...titles];
  const passages = titled.map((title, index): SpeedPassage => {
    const length = 60 + random.integer(81);
    const sentences: string[] = [];
    let written = 0;
    while (written < length) {
      const sentence = Array.from({ length: 8 + random.integer(13) }, () =>
        random.next() < shareOfStopWords ? random.pick(stops) : draw(),
      );
      if (sentences.length === 1) sentence.push(random.pick(titled));
      written += sentence.length;
      sentences.push(`${capital(sentence.join(" "))}.`);
    }
    return { id: `p${index}`, title, text: sentences.join(" ") };
  });
  const stopSet = new Set(stops);
  const queries = new Set<string>();
  while (queries.size < asked) {
    const about = random
      .pick(passages)
      .text.split(/[ .]+/)
      .filter((word) => word !== "" && !stopSet.has(word));
    const terms = Array.from({ length: 3 + random.integer(4) }, () => random.pick(about));
    queries.add(`what is ${terms.join(` ${random.pick(stops)} `)}?`);
  }
  return { passages, queries: [...queries] };
}

function vocabulary(random: SeededRandom): string[] {
  const words = new Set<string>();
  while (words.size < vocabularySize) {
    let word = "";
    for (let syllables = 1 + random.integer(3); syllables > 0; syllables--) {
      word += random.pick(onsets) + random.pick(vowels) + random.pick(codas);
    }
    words.add(word);
  }
  return [...words];
}

/** Draws words with a frequency of 1 / (rank + 10). */
function zipf(words: readonly string[], random: SeededRandom): () => string {
  const sums = new Float64Array(words.length);
  let sum = 0;
  for (let rank = 0; rank < words.length; rank++) {
    sum += 1 / (rank + 10);
    sums[rank] = sum;
  }
  return () => {
    const wanted = random.next() * sum;
    let low = 0;
    let high = words.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return words[low]!;
  };
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
