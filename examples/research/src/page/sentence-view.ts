import type { Citation } from "../wire.js";
import { el } from "./dom.js";

/** A verified sentence, as events and sections hold it. */
export interface ShownSentence {
  readonly text: string;
  readonly verdict: "supported" | "unsupported" | "uncited" | "conflicting";
  readonly reasons: readonly string[];
  readonly citations: readonly Citation[];
}

/** What one may do with a sentence. */
export interface SentenceActions {
  /** Number of a source in the bibliography; undefined while it has none. */
  numberOf(source: string): number | undefined;
  /** Opens a citation beside the report. */
  open(citation: Citation, from: HTMLElement): void;
}

const meanings = {
  supported: "supported: its quotes hold what it says",
  unsupported: "unsupported: its quotes do not hold what it says",
  uncited: "uncited: it claims something and cites nothing",
  conflicting: "conflicting: sources say different things",
} as const;

/** A sentence with its verdict, said and not only coloured, and a mark for each citation. */
export function sentenceView(sentence: ShownSentence, actions: SentenceActions): HTMLElement {
  const { text, verdict, reasons, citations } = sentence;
  const why = [meanings[verdict], ...reasons].join(" ");
  const isQuote = citations[0] !== undefined && oneLine(citations[0].quote) === oneLine(text);
  return el(
    "span",
    { class: isQuote ? "quote" : undefined },
    el("span", { class: "sentence", "data-verdict": verdict, title: why }, isQuote ? `“${text}”` : text),
    verdict === "supported"
      ? el("span", { class: "hidden" }, " (supported)")
      : el("span", { class: "verdict", "data-verdict": verdict }, verdict),
    ...marksView(citations, actions),
    " ",
  );
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** A mark for each citation, which opens its passage. A source without a number as yet has a dot. */
export const marksView = (citations: readonly Citation[], { numberOf, open }: SentenceActions): HTMLElement[] =>
  citations.map((citation) => {
    const number = numberOf(citation.source);
    const label = number === undefined ? `Citation: ${citation.title}` : `Citation ${number}: ${citation.title}`;
    const mark = el(
      "button",
      { type: "button", class: "cite", "aria-label": label, "aria-expanded": "false", "aria-controls": "panel" },
      number === undefined ? "•" : String(number),
    );
    mark.addEventListener("click", () => open(citation, mark));
    return mark;
  });

/** Notes for people: what was degraded, cut or skipped. */
export const notesView = (notes: readonly { readonly code: string; readonly message: string }[]): HTMLElement =>
  el("ul", { class: "notes", "aria-label": "Notes" }, ...notes.map(({ message }) => el("li", {}, message)));

/** What the colours mean. */
export const legend = (): HTMLElement =>
  el(
    "p",
    { class: "legend" },
    ...(Object.keys(meanings) as (keyof typeof meanings)[]).map((verdict) =>
      el("span", { class: "sentence", "data-verdict": verdict, title: meanings[verdict] }, verdict),
    ),
  );
