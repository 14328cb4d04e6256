import type { Span } from "../source/span.js";

/** A date found in a text. */
export interface DateMention {
  /** ISO 8601, as exact as the text: `2023-05-01`, `2023-05`, `2023`, or `--05-01` without a year. */
  readonly value: string;
  /** [start, end) in UTF-16 code units. */
  readonly span: Span;
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?";
const day = "(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?\\b";
const year = "(?:1\\d|20)\\d\\d\\b";
const before = "(?<![\\p{L}\\p{N}_]|[\\d$€£][.,]|[$€£/])";

const pattern = new RegExp(
  [
    `${before}(?<isoYear>\\d{4})-(?<isoMonth>0[1-9]|1[0-2])-(?<isoDay>0[1-9]|[12]\\d|3[01])(?!\\d)`,
    `${before}(?<first>\\d{1,2})/(?<second>\\d{1,2})/(?<slashYear>${year})`,
    `${before}(?<mdMonth>${month})\\s(?<mdDay>${day})(?:,?\\s(?<mdYear>${year}))?`,
    `${before}(?<dmDay>${day})\\s(?:of\\s)?(?<dmMonth>${month})(?:,?\\s(?<dmYear>${year}))?`,
    `${before}(?<myMonth>${month}),?\\s(?:of\\s)?(?<myYear>${year})`,
    `${before}(?<year>${year})(?![.,]\\d|[%/]|\\s(?:thousand|million|billion|trillion)\\b)`,
  ].join("|"),
  "giu",
);

/**
 * Dates and years in a text: ISO dates, written English dates in either order with or without a year, month and year,
 * `12/31/2023` where only one reading is a date (or both are the same), and years from 1000 to 2099.
 * Spans of numbers that could be years ("2000 people") are reported as years.
 *
 * @returns mentions in order, not overlapping
 */
export function datesIn(text: string): DateMention[] {
  const mentions: DateMention[] = [];
  for (const match of text.matchAll(pattern)) {
    const value = isoDate(match.groups!);
    const trimmed = match[0].replace(/[.,\s]+$/, "");
    if (value !== undefined) mentions.push({ value, span: [match.index, match.index + trimmed.length] });
  }
  return mentions;
}

function isoDate(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const { isoYear, isoMonth, isoDay, first, second, slashYear } = groups;
  if (isoYear !== undefined) return `${isoYear}-${isoMonth}-${isoDay}`;
  if (slashYear !== undefined) return slashDate(Number(first), Number(second), slashYear);
  const name = groups.mdMonth ?? groups.dmMonth;
  const days = groups.mdDay ?? groups.dmDay;
  if (name !== undefined && days !== undefined) {
    const found = groups.mdYear ?? groups.dmYear;
    return `${found ?? "-"}-${monthNumber(name)}-${twoDigits(Number.parseInt(days, 10))}`;
  }
  if (groups.myMonth !== undefined) return `${groups.myYear}-${monthNumber(groups.myMonth)}`;
  return groups.year;
}

function slashDate(first: number, second: number, year: string): string | undefined {
  const isDay = (value: number): boolean => value >= 1 && value <= 31;
  const isMonth = (value: number): boolean => value >= 1 && value <= 12;
  const american = isMonth(first) && isDay(second);
  const european = isDay(first) && isMonth(second);
  if (american === european && first !== second) return undefined;
  const [monthOf, dayOf] = american ? [first, second] : [second, first];
  return american || european ? `${year}-${twoDigits(monthOf)}-${twoDigits(dayOf)}` : undefined;
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");
const monthNumber = (name: string): string => twoDigits(months.indexOf(name.slice(0, 3).toLowerCase()) + 1);
