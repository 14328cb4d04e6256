import { datesIn, numbersIn } from "@clew/core/text";

/** What stands around a number. */
export interface NumberGround {
  readonly quote: string;
  /** The quoted passage with its title and headings: it says "in millions". */
  readonly around: string;
  /** What the schema says of the field and of those beside it: "in millions", "as a fraction", "loss". */
  readonly hint: string;
}

/** A number of a text with the values that it may be taken for. */
export interface ReadNumber {
  /** As written, scale words applied. */
  readonly value: number;
  readonly unit: string | undefined;
  readonly span: readonly [number, number];
  /** It has a scale word of its own. */
  readonly scaled: boolean;
}

const inScale =
  /(?<![\p{L}\p{N}])(?:in|\$|€|£)\s?(?:[a-z.]{1,8}\s){0,2}?(thousand|million|billion)s?(?![\p{L}\p{N}])|\(\s?(thousand|million|billion)s\s?\)|[$€£]\s?(000)s?(?![\d,.])/giu;
const scaleWords = /(?<![\p{L}\p{N}])(thousand|million|billion|trillion|mn|bn|tn)s?(?![\p{L}\p{N}])/giu;
const scales: Readonly<Record<string, number>> = {
  thousand: 1e3,
  "000": 1e3,
  million: 1e6,
  mn: 1e6,
  billion: 1e9,
  bn: 1e9,
  trillion: 1e12,
  tn: 1e12,
};
const decline =
  /\b(?:loss|losses|lost|deficit|declin|decreas|fell|fall|drop|down|negative|minus|outflow|shrank|reduc|expens|cost)/i;
const fraction = /\b(?:fraction|ratio|proportion|share)\b/i;
const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
const smallWord = new RegExp(`(?<![\\p{L}\\p{N}-])(?:${small.join("|")})(?![\\p{L}\\p{N}-])`, "giu");

/** The numbers of a text: in digits, years of dates among them but no days, and small ones in words. */
export function readNumbers(text: string): ReadNumber[] {
  const dates = datesIn(text);
  const figures = numbersIn(text).flatMap(({ value, unit, span }): ReadNumber[] => {
    const date = dates.find((one) => one.span[0] <= span[0] && span[1] <= one.span[1]);
    const isDay = date !== undefined && !(value >= 1000 && value <= 2099);
    // "2023-09-30" reads like 2023 less 9 less 30
    if (isDay) return [];
    const scaled = /(?:thousand|million|billion|trillion|mn|bn|tn|\d\s?[mb])\b/i.test(text.slice(...span));
    return [{ value, unit, span, scaled }];
  });
  const words = Array.from(
    text.matchAll(smallWord),
    ({ 0: word, index }): ReadNumber => ({
      value: small.indexOf(word.toLowerCase()),
      unit: undefined,
      span: [index, index + word.length],
      scaled: false,
    }),
  );
  return [...figures, ...words].sort((a, b) => a.span[0] - b.span[0]);
}

/** Scales that a text states for its numbers: "in millions", "$000". */
export const statedScales = (text: string): number[] => [
  ...new Set(Array.from(text.matchAll(inScale), (match) => scales[(match[1] ?? match[2] ?? match[3])!.toLowerCase()]!)),
];

/** Scales that a schema wants values in: "revenue in millions". */
export const wantedScales = (hint: string): number[] => [
  ...new Set(Array.from(hint.matchAll(scaleWords), ([, word]) => scales[word!.toLowerCase()]!)),
];

/**
 * Whether a quote holds a number, by value: "$1.2 billion" holds 1200000000; 1.2 too where the schema or a field beside it
 * speaks of billions; "12 %" holds 12, and 0.12 where a fraction is wanted. A table "in millions" holds its numbers as printed and
 * multiplied. A loss may be given with a minus or without.
 */
export function holdsNumber(value: number, { quote, around, hint }: NumberGround): boolean {
  const wanted = [1, ...wantedScales(hint)];
  const stated = [1, ...statedScales(around)];
  const mayTurn = decline.test(quote) || decline.test(hint);
  const asFraction = fraction.test(hint);
  return readNumbers(quote).some(({ value: written, unit, scaled }) => {
    const values = scaled || unit === "%" ? [written] : stated.map((factor) => written * factor);
    if (unit === "%" && asFraction) values.push(written / 100);
    return values.some((held) =>
      wanted.some((factor) => same(held, value * factor) || (mayTurn && same(held, -value * factor))),
    );
  });
}

/** Whole numbers are the same or not; others may have lost a last digit to a factor. */
const same = (a: number, b: number): boolean =>
  Number.isInteger(a) && Number.isInteger(b) ? a === b : Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
