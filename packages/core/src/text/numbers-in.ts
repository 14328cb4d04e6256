import type { Span } from "../source/span.js";

/** A number found in a text. */
export interface NumberMention {
  /** With scale words applied: "1.5 million" is 1500000; "(1,577)" and "−1,577" are -1577; "12 %" is 12. */
  readonly value: number;
  /** "%" for percentages; the currency as an ISO 4217 code, or its sign where that is shared by no code; absent for plain numbers. */
  readonly unit?: string | undefined;
  /** [start, end) in UTF-16 code units, from the currency or sign to the scale word or "%". */
  readonly span: Span;
}

const exponents: Readonly<Record<string, number>> = {
  thousand: 3,
  million: 6,
  mn: 6,
  m: 6,
  billion: 9,
  bn: 9,
  b: 9,
  trillion: 12,
  tn: 12,
};
const currencies: Readonly<Record<string, string>> = {
  $: "USD",
  us$: "USD",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
};

const pattern =
  /(?<![\p{L}\p{N}_]|\d[.,])(?:(?<open>\()\s?)?(?<minus>[-−]\s?)?(?<currency>US\$|[$€£¥₹]|(?:USD|EUR|GBP|JPY|CHF|INR)\s?)?\s?(?<minus2>[-−])?(?<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?<fraction>\.\d+)?(?![\d]|[.,]\d)(?:(?<close>\))|\s?(?<percent>%|percent\b|per\scent\b)|[\s-]?(?<scale>thousand|million|billion|trillion)\b|\s?(?<short>mn|bn|tn|m|b)\b)?(?:\s(?<after>dollars|euros|pounds|USD|EUR|GBP)\b)?/giu;

const named: Readonly<Record<string, string>> = { dollars: "USD", euros: "EUR", pounds: "GBP" };

/**
 * Numbers written in digits, in the English manner: comma for thousands, point for decimals. Scale words multiply (m, b and
 * the like only behind a currency); accounting brackets and minus signs negate. Digits inside words, versions
 * (1.2.3) and dates such as 2023-05-01 are not told apart from numbers beyond this; number words are not read.
 *
 * @returns mentions in order, not overlapping
 */
export function numbersIn(text: string): NumberMention[] {
  const mentions: NumberMention[] = [];
  for (const match of text.matchAll(pattern)) {
    const groups = match.groups!;
    const sign = groups.currency?.trim().toLowerCase();
    const after = groups.after?.toLowerCase();
    const currency =
      sign !== undefined ? (currencies[sign] ?? sign.toUpperCase()) : after && (named[after] ?? after.toUpperCase());
    // "5 m" is a length unless money is meant
    const short = currency === undefined ? undefined : groups.short;
    const scale = groups.scale ?? short;
    const exponent = scale === undefined ? 0 : exponents[scale.toLowerCase()]!;
    const bracketed = groups.open !== undefined && groups.close !== undefined;
    const size = Number(`${groups.digits!.replaceAll(",", "")}${groups.fraction ?? ""}e${exponent}`);
    if (!Number.isFinite(size)) continue;
    const negative = bracketed || groups.minus !== undefined || groups.minus2 !== undefined;
    const unit = groups.percent === undefined ? currency : "%";
    mentions.push({
      value: negative && size !== 0 ? -size : size,
      ...(unit === undefined ? {} : { unit }),
      span: spanOf(text, match, bracketed, groups.short !== undefined && short === undefined),
    });
  }
  return mentions;
}

function spanOf(text: string, match: RegExpExecArray, bracketed: boolean, dropShort: boolean): Span {
  const [found] = match;
  let start = match.index;
  let end = start + found.length;
  if (!bracketed && match.groups!.open !== undefined) start += found.length - found.replace(/^\(\s?/, "").length;
  if (!bracketed && match.groups!.close !== undefined) end = start + text.slice(start, end).lastIndexOf(")");
  if (dropShort) end = start + text.slice(start, end).search(/\s?[a-z]+$/i);
  while (/\s/.test(text[start]!)) start++;
  return [start, end];
}
