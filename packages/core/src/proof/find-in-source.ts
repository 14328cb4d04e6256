import { firstOccurrence } from "../evidence/occurrences.js";
import { quoteForm } from "../evidence/quote-form.js";
import type { Span } from "../source/span.js";
import type { ProofQuote, TextQuoteSelector } from "./proof-json.js";

/** Text of a source as somebody gave it. */
export interface GivenText {
  readonly text: string;
  /** Made as the reader made it, so that a quote must stand in it character by character. */
  readonly exact: boolean;
}

/**
 * How a quote was found:
 * - `position`: verbatim, where it was read
 * - `moved`: verbatim, elsewhere, between the same words as before
 * - `folded`: in a text that is not exact, but for white space, quotation marks, dashes, ligatures and unseen characters, or
 *   between other words
 * - `elsewhere`: verbatim, but between other words than those that it was read between: not verified
 * - `inexact`: as `folded`, in an exact text: not verified
 * - `missing`: not in this text
 */
export type Finding = "position" | "moved" | "folded" | "elsewhere" | "inexact" | "missing";

/** What looking for a quote in a text found. */
export interface FoundInSource {
  readonly finding: Finding;
  /** In the text that was given, in UTF-16 code units; absent for `missing`. */
  readonly span?: Span | undefined;
}

/** Whether a finding verifies the quote. */
export const verifies = (finding: Finding): boolean =>
  finding === "position" || finding === "moved" || finding === "folded";

/** Looks a quote up in the text of its source: by its position, by its words and surroundings, then folded. */
export function findInSource(
  { span, target }: Pick<ProofQuote, "span" | "target">,
  { text, exact }: GivenText,
): FoundInSource {
  const selector = target.selector.find((one): one is TextQuoteSelector => one.type === "TextQuoteSelector");
  const quote = selector?.exact ?? "";
  if (quote === "" || selector === undefined) return { finding: "missing" };
  if (text.startsWith(quote, span[0])) return { finding: "position", span };

  const found: Span[] = [];
  firstOccurrence(text, quote, {
    accept: (start, end) => {
      found.push([start, end]);
      return found.length === mostOccurrences;
    },
  });
  const { prefix, suffix } = selector;
  const between = ([start, end]: Span): boolean =>
    (prefix !== "" && start >= prefix.length && text.startsWith(prefix, start - prefix.length)) ||
    (suffix !== "" && text.startsWith(suffix, end));
  const known = prefix !== "" || suffix !== "";
  const moved = known ? found.find(between) : found.length === 1 ? found[0] : undefined;
  if (moved !== undefined) return { finding: "moved", span: moved };
  if (found[0] !== undefined && exact) return { finding: "elsewhere", span: found[0] };

  const folded = found[0] ?? findFolded(quote, text);
  if (folded === undefined) return { finding: "missing" };
  return { finding: exact ? "inexact" : "folded", span: folded };
}

/** More places of one quote than that are not looked at. */
const mostOccurrences = 1000;

function findFolded(quote: string, text: string): Span | undefined {
  const sought = quoteForm(quote).text.trim();
  const form = quoteForm(text);
  const start = firstOccurrence(form.text, sought);
  return start === undefined ? undefined : [form.starts[start]!, form.ends[start + sought.length - 1]!];
}
