import type { Passage } from "../source/passage.js";
import type { Span } from "../source/span.js";
import type { Citation, DraftCitation, QuoteCheck } from "./citation.js";
import type { Evidence } from "./evidence.js";
import type { EvidenceLedger } from "./evidence-ledger.js";
import { findQuote } from "./find-quote.js";
import { isSafeAddress } from "./link-policy.js";
import { wholeWords } from "./word-boundary.js";

const omission = /\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.{3,}/;
const omissions = new RegExp(omission, "g");
/** Most parts of a quote with omissions; one with more is looked for as it stands. */
const maxParts = 8;
/** Fewest letters and digits of each part: shorter ones are found in nearly any text. */
const minPartCharacters = 6;

/**
 * Looks a quote up in the evidence that it names, by {@link findQuote}.
 *
 * The citation's quote is the source's own text, widened to whole words and numbers. A quote that is not there in one piece
 * but leaves text out ("the house … was sold") is found when each part, of 6 letters and digits or more, stands in the passage
 * in the same order: then there is one citation for each part, so that no citation holds words that were not quoted.
 */
export function locateQuote(
  { evidence: id, quote }: DraftCitation & { readonly quote: string },
  ledger: Pick<EvidenceLedger, "get">,
): QuoteCheck {
  const evidence = ledger.get(id);
  if (evidence === undefined) return { code: "unknown-evidence", evidence: id };
  const { text } = evidence.passage;
  const span = findQuote(quote, text);
  const spans = span ? [span] : locateParts(quote, text);
  const [first, ...rest] = spans.map((found) => cite(evidence, wholeWords(text, found)));
  if (first === undefined) return { code: "quote-not-found", evidence: evidence.id, quote };
  return { code: "quote-found", citations: [first, ...rest] };
}

/**
 * The citation of a part of an evidence.
 *
 * @param local the part, in UTF-16 code units of the passage's text
 */
export function cite({ id, passage }: Evidence, [start, end]: Span): Citation {
  const offset = passage.span[0];
  const page = pageAt(passage, offset + start);
  return {
    evidence: id,
    quote: passage.text.slice(start, end),
    source: passage.source,
    title: passage.title,
    ...(passage.uri === undefined || !isSafeAddress(passage.uri) ? {} : { uri: passage.uri }),
    span: [offset + start, offset + end],
    ...(page === undefined ? {} : { page }),
    line: passage.line + lineEnds(passage.text, start),
  };
}

function locateParts(quote: string, text: string): readonly Span[] {
  const parts = splitAtOmissions(quote);
  if (parts.length < 2 || parts.length > maxParts) return [];
  const spans: Span[] = [];
  let from = 0;
  for (const part of parts) {
    if ((part.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < minPartCharacters) return [];
    const span = findQuote(part, text, { from });
    if (span === undefined) return [];
    spans.push(span);
    from = span[1];
  }
  return spans;
}

function splitAtOmissions(quote: string): string[] {
  if (!omission.test(quote)) return [];
  return quote
    .split(omissions)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function pageAt({ page, pageBreaks = [] }: Passage, offset: number): number | undefined {
  let found = page;
  for (const { page: next, start } of pageBreaks) if (start <= offset) found = next;
  return found;
}

function lineEnds(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
