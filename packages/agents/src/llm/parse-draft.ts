import type { DraftCitation } from "@clew/core";
import { sentences } from "@clew/core/text";

/** A sentence of a draft with the citations that the writer gave it. */
export interface ParsedSentence {
  readonly text: string;
  readonly citations: readonly DraftCitation[];
  /** True for the last sentence of a draft that was cut, unless it had clearly ended before. */
  readonly unfinished?: true | undefined;
}

/** Takes a draft in piece by piece and gives back each sentence when it is complete. */
export interface DraftParser {
  push(piece: string): ParsedSentence[];
  /**
   * What is left when the draft is over.
   *
   * @param cut - whether it broke off before its end. @default false
   */
  end(cut?: boolean): ParsedSentence[];
}

/** `[E1]`, `[E1, E2]`, `[E1: "words"]`, with any quotation marks. */
const marker = /\[\s*[Ee]\d+(?:\s*[,;]\s*[Ee]\d+)*(?:\s*:\s*(?:["“”„«'‘][^\]]{0,1500}?["“”»'’]\s*)?)?\s*\]/g;
const ids = /[Ee](\d+)/g;
const quoted = /:\s*["“”„«'‘]([\s\S]*)["“”»'’]\s*\]$/;
/** The beginning of a marker that may go on in the next piece. */
const openMarker = /^\[\s*(?:[Ee]|$)/;
const longestMarker = 1600;
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
    const marks = [...ready.matchAll(marker)];
    // as long as before, so that offsets hold
    const bare = ready.replace(marker, (mark) => " ".repeat(mark.length));
    const spans = sentences(bare);
    const whole = over ? spans.length : spans.length - 1;
    const found: ParsedSentence[] = [];
    let from = 0;
    for (let index = 0; index < whole; index++) {
      const [start, end] = spans[index]!;
      const next = spans[index + 1]?.[0] ?? ready.length;
      const text = tidy(bare.slice(start, end));
      const citations = marks.filter((mark) => mark.index >= from && mark.index < next).flatMap(([mark]) => read(mark));
      const broken = cut && index === spans.length - 1 && !hasEnded(bare.slice(start), buffer.slice(start));
      if (/[\p{L}\p{N}]/u.test(text)) found.push({ text, citations, ...(broken ? { unfinished: true } : {}) });
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

/**
 * Whether the last sentence of a draft that was cut had ended. A full stop alone does not tell ("1." of "1.5", "Dr."); a
 * citation before or behind it does, or the end of its line.
 */
function hasEnded(bare: string, raw: string): boolean {
  const end = ending.exec(bare);
  if (end === null) return false;
  return raw[end.index - 1] === "]" || /[\n[]/.test(raw.slice(end.index));
}

/** Where a marker begins that is not closed yet; undefined when there is none. */
function openMarkerAt(text: string): number | undefined {
  const from = Math.max(text.lastIndexOf("]") + 1, text.length - longestMarker);
  for (let at = text.indexOf("[", from); at >= 0; at = text.indexOf("[", at + 1)) {
    if (openMarker.test(text.slice(at, at + 8))) return at;
  }
  return undefined;
}

function read(mark: string): DraftCitation[] {
  const quote = quoted.exec(mark)?.[1]?.trim();
  const names = mark.slice(0, mark.indexOf(":") < 0 ? undefined : mark.indexOf(":"));
  const found = [...names.matchAll(ids)].map(([, digits]) => `E${digits}`);
  return found.map((evidence) => (quote === undefined || quote === "" ? { evidence } : { evidence, quote }));
}

const tidy = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/ ([.,;:!?…])/g, "$1")
    .trim();
