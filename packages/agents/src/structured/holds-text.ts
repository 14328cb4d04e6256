import { datesIn, wordTokens } from "@clew/core/text";
import { currenciesIn } from "./currencies.js";

const boundary = /[\p{L}\p{N}]/u;
const isoDate = /^\d{4}-\d\d(?:-\d\d)?$/;
const currencyCode = /^[A-Z]{3}$/;
/** Words that join the parts of a name and are written or not: "&", "and". */
const joining = new Set(["and"]);
/** Words right before a mention that turn it into its opposite. */
const denied = /(?:\b(?:not|no|never|neither|nor|without|non)|n['’]t)[\s-]+(?:[\p{L}'’]+[\s-]+){0,2}$/iu;

/**
 * Finds a text in a quote: verbatim in whole words, letter case and white space aside; else with its words in the same
 * order and nothing but punctuation and "and" between them; else, of an ISO date, that day or month however written, and of a currency's
 * code, its sign or name.
 *
 * @returns the text as the quote writes it, or, of a date or currency, as given; undefined where it is not there, or is denied
 */
export function findText(value: string, quote: string): string | undefined {
  const sought = value.trim().replace(/\s+/g, " ");
  if (sought === "") return undefined;
  const span = verbatim(sought, quote) ?? byWords(sought, quote);
  if (span !== undefined) {
    return denied.test(quote.slice(0, span[0])) ? undefined : quote.slice(...span).replace(/\s+/g, " ");
  }
  if (isoDate.test(sought) && holdsDate(sought, quote)) return sought;
  if (currencyCode.test(sought) && currenciesIn(quote).some(({ code }) => code === sought)) return sought;
  return undefined;
}

/** Whether a quote holds a date: that very day, or one that is more exact than what is asked for. */
export const holdsDate = (value: string, quote: string): boolean =>
  datesIn(quote).some((date) => date.value === value || date.value.startsWith(`${value}-`));

function verbatim(sought: string, quote: string): readonly [number, number] | undefined {
  const escaped = sought.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s+");
  for (const match of quote.matchAll(new RegExp(escaped, "giu"))) {
    const end = match.index + match[0].length;
    const cutsBefore = boundary.test(sought[0]!) && boundary.test(quote[match.index - 1] ?? " ");
    const cutsBehind = boundary.test(sought.at(-1)!) && boundary.test(quote[end] ?? " ");
    if (!cutsBefore && !cutsBehind) return [match.index, end];
  }
  return undefined;
}

function byWords(sought: string, quote: string): readonly [number, number] | undefined {
  const wanted = plain(sought);
  const held = plain(quote);
  if (wanted.length === 0) return undefined;
  for (let at = 0; at + wanted.length <= held.length; at++) {
    if (!wanted.every(({ term }, index) => held[at + index]!.term === term)) continue;
    const span = [held[at]!.span[0], held[at + wanted.length - 1]!.span[1]] as const;
    const gaps = wanted
      .slice(1)
      .map((_, index) => quote.slice(held[at + index]!.span[1], held[at + index + 1]!.span[0]));
    // not across sentences or cells
    if (gaps.every((gap) => gap.length <= 7 && !/[!?;|\t]|\n\s*\n/.test(gap))) return span;
  }
  return undefined;
}

const plain = (text: string) => wordTokens(text).filter(({ term }) => !joining.has(term));
