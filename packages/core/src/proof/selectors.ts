import type { Citation } from "../evidence/citation.js";
import type { Passage } from "../source/passage.js";
import type { Span } from "../source/span.js";
import type { TextPositionSelector, TextQuoteSelector } from "./proof-json.js";

/** Longest surroundings on either side, in UTF-16 code units. */
const longest = 64;

/**
 * A quote with up to 64 UTF-16 code units of its surroundings, which begin and end between words where they can, of the source's
 * text where it is known, else of the passage.
 */
export function quoteSelector(
  { quote, span: [start, end] }: Pick<Citation, "quote" | "span">,
  passage: Pick<Passage, "text" | "span"> | undefined,
  text: string | undefined,
): TextQuoteSelector {
  const around = text ?? passage?.text ?? "";
  const offset = text === undefined ? (passage?.span[0] ?? 0) : 0;
  const [from, to] = [start - offset, end - offset];
  const known = from >= 0 && around.slice(from, to) === quote;
  const before = known ? around.slice(Math.max(0, from - longest), from) : "";
  const after = known ? around.slice(to, to + longest) : "";
  return {
    type: "TextQuoteSelector",
    exact: quote,
    prefix:
      before.length < longest ? before : before.slice(Math.max(0, before.search(/(?<=\s)\S/))).replace(loneStart, ""),
    suffix: after.length < longest ? after : after.replace(/(?<=\s)\S*$/, "").replace(loneEnd, ""),
  };
}

// a cut through a surrogate pair
const loneStart = /^[\udc00-\udfff]/;
const loneEnd = /[\ud800-\udbff]$/;

/** A span of a text in code points. */
export function positionSelector(text: string, [start, end]: Span): TextPositionSelector {
  const before = pointsIn(text, 0, start);
  return { type: "TextPositionSelector", start: before, end: before + pointsIn(text, start, end) };
}

function pointsIn(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; count++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return count;
}
