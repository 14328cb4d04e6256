import type { DraftCitation, Span } from "@clew/core";

/** A citation as a writer put it into its text. */
export interface CitationMarker {
  readonly span: Span;
  readonly citations: readonly DraftCitation[];
  /** Evidence that a bare number may mean: "[1]" tells nothing by itself. */
  readonly hints: readonly string[];
  /** The part of it that belongs to the sentence: the words between two tags. */
  readonly kept?: Span | undefined;
}

/** Longest marker, in UTF-16 code units. */
const longestMarker = 1600;

const ids = "[Ee]\\d+(?:\\s*[,;]\\s*[Ee]\\d+)*";
const marker = new RegExp(
  [
    // [E1], [E1, E2], [E1: "words"], with any quotation marks; ^[E1]
    `\\^?\\[\\s*(?<square>${ids})(?:\\s*:\\s*(?:["“”„«'‘](?<squareQuote>[^\\]]{0,1500}?)["“”»'’]\\s*)?)?\\s*\\]`,
    // (E1), (E1: "words")
    `\\(\\s*(?<round>${ids})(?:\\s*:\\s*(?:["“„«](?<roundQuote>[^"“”„«»]{0,1500})["”“»]\\s*)?)?\\s*\\)`,
    // 【E1】, 【E1†source】
    `【\\s*(?<lens>${ids})(?:\\s*:\\s*["“„«]?(?<lensQuote>[^】]{0,1500}?)["”“»]?|†[^】]{0,200})?\\s*】`,
    // ^E1, ^E1^
    `\\^(?<raised>[Ee]\\d+)(?!\\d)\\^?`,
    // <quote id="E1">words</quote>
    `<(?<tag>quote|cite|q)\\s+(?:id|evidence|ref|source)\\s*=\\s*["']?(?<tagged>[Ee]\\d+)["']?\\s*>(?<tagQuote>[^<]{0,1500})</\\k<tag>\\s*>`,
    // [1]: only a hint
    `\\[\\s*(?<bare>\\d{1,2}(?:\\s*[,;]\\s*\\d{1,2})*)\\s*\\](?!\\()`,
  ].join("|"),
  "g",
);
const id = /[Ee]?(\d+)/g;
const sentenceEnd = /(?:^|\n|[.!?…。！？｡．]["”’'»)\]]*)\s*$/;

/** Finds the citations in a text, in any of the forms that writers are used to. */
export function citationMarkers(text: string): CitationMarker[] {
  return Array.from(text.matchAll(marker), (match): CitationMarker => {
    const { square, round, lens, raised, tagged, bare, squareQuote, roundQuote, lensQuote, tagQuote } = match.groups!;
    const [start, end] = [match.index, match.index + match[0].length];
    const named = (bare ?? square ?? round ?? lens ?? raised ?? tagged)!;
    const evidence = Array.from(named.matchAll(id), ([, digits]) => `E${Number(digits)}`);
    if (bare !== undefined) return { span: [start, end], citations: [], hints: evidence };
    const quote = (squareQuote ?? roundQuote ?? lensQuote ?? tagQuote)?.trim();
    const citations = evidence.map((one) =>
      quote === undefined || quote === "" ? { evidence: one } : { evidence: one, quote },
    );
    // words between tags behind a finished sentence are its quote; within one they are its own words
    if (tagQuote === undefined || sentenceEnd.test(text.slice(Math.max(0, start - 40), start))) {
      return { span: [start, end], citations, hints: [] };
    }
    const from = start + match[0].indexOf(">") + 1;
    return { span: [start, end], citations, hints: [], kept: [from, from + tagQuote.length] };
  });
}

/** A text in which markers are blanked out, as long as before, so that offsets hold. */
export function withoutCitations(text: string, markers: readonly CitationMarker[]): string {
  let bare = "";
  let at = 0;
  for (const { span, kept = [span[1], span[1]] } of markers) {
    bare +=
      text.slice(at, span[0]) + " ".repeat(kept[0] - span[0]) + text.slice(...kept) + " ".repeat(span[1] - kept[1]);
    at = span[1];
  }
  return bare + text.slice(at);
}

const closers: Readonly<Record<string, string>> = { "[": "]", "(": ")", "【": "】" };
const opening: readonly RegExp[] = [
  /^\^?\[\s*(?:[Ee](?:\d[^\]]*)?|\d{0,2}(?:\s*[,;]\s*\d{0,2})*)?\s*$/,
  /^\(\s*(?:[Ee](?:\d[^)"“„«]*(?:["“„«][^"“”„«»]*(?:["”“»]\s*)?)?)?)?$/,
  /^【(?:\s*[Ee][^】]*|\s*)$/,
  /^\^[Ee]?\d*\^?$/,
  /^<(?:q(?:u(?:o(?:te?)?)?)?|c(?:i(?:te?)?)?)?$/,
  /^<(?:quote|cite|q)\s[^<]*(?:<(?:\/[a-z]*\s*)?)?$/,
];

/** Where a marker begins that may go on in the next piece; undefined when there is none. */
export function openMarkerAt(text: string): number | undefined {
  for (let at = Math.max(0, text.length - longestMarker); at < text.length; at++) {
    const char = text[at]!;
    if (!"[(【^<".includes(char)) continue;
    const closer = closers[char];
    // a quote in round brackets may hold some itself
    if (closer !== undefined && char !== "(" && text.includes(closer, at)) continue;
    const rest = text.slice(at);
    if (opening.some((pattern) => pattern.test(rest))) return at;
  }
  return undefined;
}
