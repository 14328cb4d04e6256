import { type DateMention, datesIn } from "../text/dates-in.js";

const bracket = /\(([^()]{0,80}\d{4}[^()]{0,20}?)\s?[–—-]\s?([^()]{0,80}?\d{4}[^()]{0,20})\)/g;
const born = /(?<!\p{L})(?:born|birth)(?!\p{L})/iu;
const died = /(?<!\p{L})(?:died|dies|death)(?!\p{L})/iu;

/**
 * Words for birth and death that the dates behind a name stand for: "Ed Wood (October 10, 1924 – December 10, 1978)" says
 * that he was born on the first and died on the second.
 *
 * @param sentence speaks of a birth or a death
 * @param holds whether one of the dates holds a date of the sentence
 * @returns the words of the sentence that are held, when its dates are held by the right side of such a bracket
 */
export function lifeWords(
  sentence: string,
  quoted: string,
  holds: (claimed: DateMention, dates: readonly DateMention[]) => boolean,
): string[] {
  const words = [born.exec(sentence)?.[0], died.exec(sentence)?.[0]];
  const claimed = datesIn(sentence);
  if (claimed.length === 0 || words.every((word) => word === undefined)) return [];
  for (const [, birth, death] of quoted.matchAll(bracket)) {
    const dates = [
      ...(words[0] === undefined ? [] : datesIn(birth!)),
      ...(words[1] === undefined ? [] : datesIn(death!)),
    ];
    if (claimed.every((date) => holds(date, dates))) return words.filter((word) => word !== undefined);
  }
  return [];
}
