import type { DraftParser, ParsedSentence, Span } from "@clew/core";
import { sentences } from "@clew/core/text";
import { type CitationMarker, citationMarkers, openMarkerAt, withoutCitations } from "./citation-markers.js";

/** Without one of these no sentence can end. */
const ender = /[.!?…‼⁇⁈⁉。！？｡．\n]/;
/** The end of a sentence, closing quotation marks and brackets included. */
const ending = /[.!?…‼⁇⁈⁉。！？｡．]["”’'»)]*\s*$/;
/** A draft without any end of sentence is cut here, in UTF-16 code units. */
const longest = 4000;

/** Makes a {@link DraftParser}. A marker belongs to the sentence that it stands in or behind. */
export function draftParser(): DraftParser {
  let buffer = "";
  let ended = false;
  const take = (over: boolean, cut = false): ParsedSentence[] => {
    const held = (over && !cut) || buffer.length > longest ? undefined : openMarkerAt(buffer);
    const ready = buffer.slice(0, held);
    const marks = citationMarkers(ready);
    const bare = withoutCitations(ready, marks);
    const spans = aroundMarkers(sentences(bare), marks);
    const whole = over ? spans.length : spans.length - 1;
    const found: ParsedSentence[] = [];
    let from = 0;
    for (let index = 0; index < whole; index++) {
      const [start, end] = spans[index]!;
      const next = spans[index + 1]?.[0] ?? ready.length;
      const text = tidy(bare.slice(start, end));
      const own = marks.filter(({ span }) => span[0] >= from && span[0] < next);
      const citations = own.flatMap((mark) => mark.citations);
      const hints = own.flatMap((mark) => mark.hints);
      const broken = cut && index === spans.length - 1 && !hasEnded(bare, buffer, start, own);
      if (/[\p{L}\p{N}]/u.test(text)) {
        found.push({
          text,
          citations,
          ...(hints.length > 0 ? { hints } : {}),
          ...(broken ? { unfinished: true } : {}),
        });
      }
      from = next;
    }
    buffer = over ? "" : buffer.slice(from);
    if (found.length > 0) ended = ender.test(buffer);
    return found;
  };
  return {
    push: (piece) => {
      buffer += piece;
      ended ||= ender.test(piece);
      return ended || buffer.length > longest ? take(false) : [];
    },
    end: (cut = false) => take(true, cut),
  };
}

/** Spans that no marker crosses: one that begins with a marker's own words begins with the marker, one that ends in it goes on. */
function aroundMarkers(spans: readonly Span[], marks: readonly CitationMarker[]): Span[] {
  const whole: Span[] = [];
  for (const [start, end] of spans) {
    const mark = marks.find(({ span }) => span[0] < start && start < span[1]);
    const last = whole.at(-1);
    if (mark === undefined) whole.push([start, end]);
    else if (last === undefined || last[1] <= mark.span[0]) whole.push([mark.span[0], end]);
    else whole[whole.length - 1] = [last[0], end];
  }
  return whole;
}

/**
 * Whether the last sentence of a draft that was cut had ended. A full stop alone does not tell ("1." of "1.5", "Dr."); a
 * citation before or behind it does, or the end of its line.
 */
function hasEnded(bare: string, raw: string, start: number, marks: readonly CitationMarker[]): boolean {
  const end = ending.exec(bare.slice(start));
  if (end === null) return false;
  const at = start + end.index;
  return marks.some(({ span }) => span[1] === at || span[0] > at) || /[\n[]/.test(raw.slice(at));
}

const tidy = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/ ([.,;:!?…])/g, "$1")
    .trim();
