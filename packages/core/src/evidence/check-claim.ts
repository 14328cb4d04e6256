import type { Span } from "../source/span.js";
import type { Analyzer } from "../text/analyzer-port.js";
import type { DateMention } from "../text/dates-in.js";
import { fold } from "../text/fold.js";
import type { NumberMention } from "../text/numbers-in.js";
import { wordTokens } from "../text/word-tokens.js";
import { type Claim, clausesOf, type Name, readClaim } from "./claim.js";
import { lifeWords } from "./life-dates.js";

/** What a sentence is held against. */
export interface ClaimGround {
  /** The quotes, verbatim. */
  readonly quotes: readonly string[];
  /** Titles and headings of the quoted passages: they say who "he" and what "the company" is. */
  readonly context: readonly string[];
  /** Whole texts of the quoted passages: they say "in millions", and which words are written small. */
  readonly passages: readonly string[];
}

/** Share of a sentence's content words that its quotes, titles and headings must hold. */
export const minWordShare = 0.6;

/** Why the quotes do not hold what the sentence says, in sentences for people; empty when they do. */
export function checkClaim(sentence: string, ground: ClaimGround, analyzer: Analyzer): string[] {
  const claim = readClaim(sentence, analyzer);
  const quoted = ground.quotes.join("\n\n");
  const held = readClaim(quoted, analyzer);
  const around = [quoted, ...ground.context].join("\n\n");
  const reasons: string[] = [];
  const say = (what: string, missing: readonly string[]): void => {
    if (missing.length > 0) reasons.push(`The quotes do not hold the ${what} ${[...new Set(missing)].join(", ")}.`);
  };

  const dated = [...held.dates, ...readClaim(ground.context.join("\n\n"), analyzer).dates];
  const textAt = ({ span }: { readonly span: readonly [number, number] }): string => sentence.slice(...span);
  say("date", claim.dates.filter((date) => !holdsDate(date, dated, held.numbers)).map(textAt));
  say(
    "number",
    [...numbersNotHeld(claim, held, sentence, ground), ...unreadNumbers(sentence, claim, quoted)].map(textAt),
  );
  const tokens = tokensOf(around, analyzer);
  const ordinary = ordinaryWords(ground.passages.join("\n"), analyzer);
  say(
    "name",
    claim.names.filter((name) => !holdsName(name, tokens, ordinary, analyzer)).map(({ text }) => `"${text}"`),
  );

  const lives = lifeWords(sentence, quoted, (date, dates) => holdsDate(date, dates, []));
  const known = new Set(analyzer.terms([around, ...lives].join("\n\n")));
  const missing = [...claim.words].filter((word) => !known.has(word));
  if (claim.words.size - missing.length < minWordShare * claim.words.size) {
    const share = `${missing.length} of its ${claim.words.size} content words`;
    reasons.push(`The quotes do not hold ${share} (${missing.join(", ")}).`);
  }
  if (deniesOtherwise(sentence, quoted, analyzer)) {
    reasons.push("The sentence denies what the quotes affirm, or the other way round.");
  }
  return reasons;
}

/** A date is held by one that is as exact or more, or by its year and its day said apart. */
function holdsDate({ value }: DateMention, dates: readonly DateMention[], numbers: readonly NumberMention[]): boolean {
  const has = (wanted: string): boolean =>
    wanted.startsWith("--")
      ? dates.some((date) => date.value.endsWith(wanted.slice(1)))
      : dates.some((date) => date.value === wanted || date.value.startsWith(`${wanted}-`));
  if (has(value)) return true;
  const [, year, day] = /^(\d{4})-(\d\d-\d\d)$/.exec(value) ?? [];
  if (year !== undefined)
    return dates.some((date) => date.value === `--${day}`) && dates.some((date) => date.value === year);
  // "2000 people" reads like a year
  return /^\d{4}$/.test(value) && numbers.some((number) => number.value === Number(value));
}

const inScale =
  /(?<![\p{L}\p{N}])(?:in|\$|€|£)\s?(?:[a-z]{1,8}\s)?(thousands|millions|billions)(?![\p{L}\p{N}])|\((thousands|millions|billions)\)/giu;
const scales: Readonly<Record<string, number>> = { thousands: 1e3, millions: 1e6, billions: 1e9 };
const decline =
  /\b(?:loss|losses|lost|deficit|declin|decreas|fell|fall|drop|down|negative|minus|below|outflow|shrank|reduc)/i;
const unitSigns: Readonly<Record<string, RegExp>> = {
  "%": /%|per\s?cent/i,
  USD: /\$|USD|dollar/i,
  EUR: /€|EUR|euro/i,
  GBP: /£|GBP|pound/i,
  JPY: /¥|JPY|yen/i,
  INR: /₹|INR|rupee/i,
};

/** The numbers of a claim that the quotes do not hold, by value, unit and scale. */
function numbersNotHeld(
  claim: Claim,
  held: Claim,
  sentence: string,
  { quotes, context, passages }: ClaimGround,
): NumberMention[] {
  const around = [...quotes, ...context, ...passages].join("\n");
  const stated = Array.from(around.matchAll(inScale), (match) => scales[(match[1] ?? match[2])!.toLowerCase()]!);
  const factors = [...new Set([1, ...stated])];
  const mayTurn = decline.test(sentence) || decline.test(quotes.join("\n"));
  const years = held.dates.filter(({ value }) => /^\d{4}$/.test(value)).map(({ value }) => ({ value: Number(value) }));
  const all: { readonly value: number; readonly unit?: string | undefined }[] = [...held.numbers, ...years];
  const distinct = [...new Map(all.map((one) => [`${one.value} ${one.unit ?? ""}`, one])).values()];
  const hasPercentages = held.numbers.some(({ unit }) => unit === "%");
  const marked = new Map(Object.entries(unitSigns).map(([unit, sign]) => [unit, sign.test(around)]));

  const holds = (claimed: NumberMention): boolean => {
    // tables mark money once, percentages one by one
    const unmarkedFits =
      claimed.unit === undefined || ((marked.get(claimed.unit) ?? false) && !(claimed.unit === "%" && hasPercentages));
    return distinct.some(({ value, unit }) => {
      const fits = unit === undefined ? unmarkedFits : claimed.unit === undefined || unit === claimed.unit;
      return (
        fits &&
        factors.some(
          (factor) => same(value * factor, claimed.value) || (mayTurn && same(value * factor, -claimed.value)),
        )
      );
    });
  };
  const known = new Map<string, boolean>();
  return claim.numbers.filter((claimed) => {
    const key = `${claimed.value} ${claimed.unit ?? ""}`;
    const isHeld = known.get(key) ?? holds(claimed);
    known.set(key, isHeld);
    return !isHeld;
  });
}

/**
 * Digits of a sentence that are read neither as a number nor as a date (`2.1.3`, `1.000,50`, `½`, digits of other scripts) and
 * do not stand in the quotes as they are written.
 */
function unreadNumbers(sentence: string, { numbers, dates }: Claim, quoted: string): { readonly span: Span }[] {
  const read = new Uint8Array(sentence.length);
  for (const { span } of [...numbers, ...dates]) read.fill(1, ...span);
  const figures = (text: string): { readonly form: string; readonly span: Span }[] =>
    Array.from(text.matchAll(figure), ({ 0: found, index }) => ({
      form: found.normalize("NFKC"),
      span: [index, index + found.length] as const,
    }));
  const known = new Set(figures(quoted).map(({ form }) => form));
  return figures(sentence).filter(({ form, span }) => !read.subarray(...span).includes(1) && !known.has(form));
}

/** A run of digits and what joins them, in no word. */
const figure = /(?<![\p{L}\p{N}_]|\p{N}[.,:/-])\p{N}+(?:[.,:/-]\p{N}+)*(?![\p{L}\p{N}_])/gu;

/** Whole numbers are the same or not; others may have lost a last digit to a factor. */
const same = (a: number, b: number): boolean =>
  Number.isInteger(a) && Number.isInteger(b) ? a === b : Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

function holdsName(
  name: Name,
  tokens: ReadonlySet<string>,
  ordinary: ReadonlySet<string>,
  analyzer: Analyzer,
): boolean {
  return name.tokens.every((token, index) => {
    const stems = analyzer.terms(token);
    if (tokens.has(token) || (stems.length > 0 && stems.every((term) => tokens.has(term)))) return true;
    // a sentence's first word has its capital for nothing
    return name.opens && index === 0 && (ordinary.has(token) || /(?:ed|ing|ly)$/.test(token));
  });
}

function tokensOf(text: string, analyzer: Analyzer): Set<string> {
  return new Set([
    ...wordTokens(text).map(({ term }) => term),
    ...analyzer.terms(text),
    ...Array.from(text.matchAll(/(?:\p{L}\.){2,}/gu), ([found]) => fold(found.replaceAll(".", ""))),
  ]);
}

/** Words that a text writes with a small first letter. */
function ordinaryWords(text: string, analyzer: Analyzer): Set<string> {
  const small = wordTokens(text).filter(({ span }) => /^\p{Ll}/u.test(text.slice(span[0], span[0] + 2)));
  return new Set(small.flatMap(({ term }) => [term, ...analyzer.terms(term)]));
}

/** Whether a clause of the sentence and the clause of the quotes that is most like it disagree on a "not". */
function deniesOtherwise(sentence: string, quoted: string, analyzer: Analyzer): boolean {
  const grounds = clausesOf(quoted, analyzer);
  return clausesOf(sentence, analyzer).some(({ words, isNegated }) => {
    const overlaps = grounds.map((ground) => weigh([...words].filter((word) => ground.words.has(word))));
    const best = overlaps.reduce((most, overlap) => Math.max(most, overlap), 0);
    if (best * 2 < weigh([...words])) return isNegated && !grounds.some((ground) => ground.isNegated);
    return !grounds.some((ground, index) => overlaps[index] === best && ground.isNegated === isNegated);
  });
}

/** Years and amounts tell clauses apart better than words do. */
const weigh = (words: readonly string[]): number =>
  words.reduce((sum, word) => sum + (/^\p{N}/u.test(word) ? 2 : 1), 0);
