import { invalidOption } from "../errors/invalid-option.js";
import type { DraftCitation } from "../evidence/citation.js";
import { sentences } from "../text/sentences.js";
import type { DraftParser, ParsedSentence } from "./writer-form.js";

/** Options of {@link quoteTagParser}. */
export interface QuoteTagOptions {
  /** Name of the tag; a letter, then letters, digits and hyphens. @default "quote" */
  tag?: string | undefined;
  /** Attribute that names the evidence. @default "id" */
  attribute?: string | undefined;
}

/** A tag or a quote that is not closed within so many UTF-16 code units is no tag: its text is prose. */
const longest = 4000;
/** Without one of these no sentence can have ended. */
const ender = /[.!?…‼⁇⁈⁉。！？｡．\n]/;
const ending = /[.!?…‼⁇⁈⁉。！？｡．:]["”’'»)]*\s*$/;

/**
 * Makes a parser of drafts that quote in tags: `<quote id="E1">words</quote>`. A quote behind a finished sentence is that
 * sentence's citation; one within a sentence is also its words; one that stands alone is a sentence by itself. Tags may
 * be cut anywhere by the stream: what could still become one is held back.
 *
 * @throws ClewError `invalid-option`
 */
export function quoteTagParser({ tag = "quote", attribute = "id" }: QuoteTagOptions = {}): DraftParser {
  for (const [name, value] of Object.entries({ tag, attribute })) {
    if (!/^[a-z][a-z0-9-]*$/i.test(value))
      throw invalidOption(name, "a letter, then letters, digits and hyphens", value);
  }
  const open = new RegExp(`<${tag}\\s+${attribute}\\s*=\\s*["']?\\s*([^"'<>\\s]{1,40})\\s*["']?\\s*>`, "i");
  const close = new RegExp(`</${tag}\\s*>`, "i");
  const openBeginning = beginningOf(`<${tag}`);
  const closeBeginning = beginningOf(`</${tag}`);
  let buffer = "";
  let inside: string | undefined;
  let draft = sentencesOf();

  const take = (over: boolean): ParsedSentence[] => {
    for (;;) {
      if (inside === undefined) {
        const found = open.exec(buffer);
        const stray = close.exec(buffer);
        if (stray !== null && (found === null || stray.index < found.index)) {
          draft.prose(buffer.slice(0, stray.index));
          buffer = buffer.slice(stray.index + stray[0].length);
        } else if (found !== null) {
          draft.prose(buffer.slice(0, found.index));
          inside = evidenceOf(found[1]!);
          buffer = buffer.slice(found.index + found[0].length);
        } else {
          const held = over ? buffer.length : heldAt(buffer, [openBeginning, closeBeginning]);
          draft.prose(buffer.slice(0, held));
          buffer = buffer.slice(held);
          return draft.taken();
        }
      } else {
        const found = close.exec(buffer);
        // a writer that opens the next quote has ended this one
        const next = open.exec(buffer);
        const end = next !== null && (found === null || next.index < found.index) ? next : found;
        if (end !== null) {
          draft.quote(inside, buffer.slice(0, end.index));
          buffer = buffer.slice(end === found ? end.index + end[0].length : end.index);
          inside = undefined;
        } else if (!over && buffer.length > longest) {
          draft.prose(buffer);
          buffer = "";
          inside = undefined;
        } else return draft.taken();
      }
    }
  };
  return {
    push: (piece) => {
      buffer += piece;
      return take(false);
    },
    end: (cut = false) => {
      const found = take(true);
      if (inside !== undefined) {
        const words = buffer.slice(0, heldAt(buffer, [closeBeginning]));
        draft.quote(inside, words, cut);
      }
      found.push(...draft.end(cut));
      buffer = "";
      inside = undefined;
      draft = sentencesOf();
      return found;
    },
  };
}

interface Held {
  text: string;
  readonly citations: DraftCitation[];
  readonly isQuote: boolean;
  readonly unfinished: boolean;
}

/** Puts prose and quotes together to sentences. */
function sentencesOf() {
  const done: ParsedSentence[] = [];
  let held: Held | undefined;
  let prose = "";
  let mayEnd = false;
  let inline: { readonly at: number; readonly citation: DraftCitation }[] = [];

  const flush = (): void => {
    if (held !== undefined && /[\p{L}\p{N}]/u.test(held.text)) {
      const { text, citations, unfinished } = held;
      done.push({ text, citations, ...(unfinished ? { unfinished: true as const } : {}) });
    }
    held = undefined;
  };
  /** Moves the sentences before an offset out of the prose; the last of them may still be cited. */
  const settle = (until: number, unfinished = false): void => {
    const spans = sentences(prose.slice(0, until));
    for (const [index, [start, end]] of spans.entries()) {
      flush();
      const next = spans[index + 1]?.[0] ?? until;
      const own = inline.filter(({ at }) => at < next);
      inline = inline.filter(({ at }) => at >= next);
      held = {
        text: tidy(prose.slice(start, end)),
        citations: own.map(({ citation }) => citation),
        isQuote: false,
        unfinished: unfinished && index === spans.length - 1,
      };
    }
    prose = prose.slice(until);
    inline = inline.map(({ at, citation }) => ({ at: at - until, citation }));
  };
  return {
    prose: (text: string): void => {
      if (text === "") return;
      prose += text;
      mayEnd ||= ender.test(text);
      if (!mayEnd) return;
      const last = sentences(prose).at(-1);
      if (last !== undefined && last[0] > 0) settle(last[0]);
      mayEnd = ender.test(prose);
    },
    quote: (evidence: string, words: string, unfinished = false): void => {
      const text = tidy(words);
      if (text === "") return;
      const citation = { evidence, quote: text };
      if (prose.trim() !== "" && !ending.test(prose)) {
        inline.push({ at: prose.length, citation });
        prose += words;
        return;
      }
      if (prose.trim() !== "") settle(prose.length);
      prose = "";
      if (held !== undefined && !held.isQuote) held.citations.push(citation);
      else {
        flush();
        held = { text, citations: [citation], isQuote: true, unfinished };
      }
    },
    taken: (): ParsedSentence[] => done.splice(0),
    end: (cut: boolean): ParsedSentence[] => {
      if (prose.trim() !== "") settle(prose.length, cut && !ending.test(prose));
      flush();
      return done.splice(0);
    },
  };
}

const evidenceOf = (id: string): string => {
  const digits = /^[Ee]?(\d+)$/.exec(id)?.[1];
  return digits === undefined ? id : `E${Number(digits)}`;
};

const tidy = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/ ([.,;:!?…])/g, "$1")
    .trim();

/** What is a beginning of the tag, or the tag before its end. */
function beginningOf(tag: string): (text: string) => boolean {
  const whole = tag.toLowerCase();
  return (text) => {
    const given = text.toLowerCase();
    return whole.startsWith(given) || (given.startsWith(whole) && given.length < 200 && !given.includes(">"));
  };
}

/** Where what could become a tag begins. */
function heldAt(text: string, beginnings: readonly ((text: string) => boolean)[]): number {
  for (let at = text.lastIndexOf("<"); at >= 0 && text.length - at < 200; at = text.lastIndexOf("<", at - 1)) {
    const rest = text.slice(at);
    if (beginnings.some((begins) => begins(rest))) return at;
    if (at === 0) break;
  }
  return text.length;
}
