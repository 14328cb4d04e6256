import {
  type Evidence,
  type EvidenceId,
  fenceTexts,
  type Hit,
  type Note,
  type PageBreak,
  type Runtime,
  renderEvidence,
  type SearchResult,
  systemRuntime,
} from "@clew/core";

/** A hit as plain JSON. */
export interface PlainHit {
  /** Name under which a model reads it, and cites it: the same in every call. */
  readonly id: string;
  readonly passage: string;
  readonly source: string;
  readonly title: string;
  /** Above the passage, outermost first. */
  readonly headings: readonly string[];
  readonly uri?: string | undefined;
  /** In the source's canonical text, in UTF-16 code units. */
  readonly span: readonly [start: number, end: number];
  /** From 1. */
  readonly page?: number | undefined;
  /** Pages that begin inside the span, behind its start; absent for none. */
  readonly pageBreaks?: readonly PageBreak[] | undefined;
  /** From 1. */
  readonly line: number;
  readonly score: number;
  readonly text: string;
}

/** Options of {@link passagesContent}. */
export interface PassagesContentOptions {
  /** Name of a passage. @default its id */
  idOf?: ((hit: Hit) => string) | undefined;
  /** Longest text of all passages, in UTF-16 code units. @default no limit */
  maxChars?: number | undefined;
  /** Draws the marker of the fence. @default that of the system */
  runtime?: Pick<Runtime, "random"> | undefined;
}

/** What a search found, for a model and for machines. */
export interface PassagesContent {
  /** Fenced passages, best first, and what was degraded. */
  readonly content: string;
  /** The hits that are in it, in its order. */
  readonly hits: readonly PlainHit[];
  /** Of the search and of the rendering. */
  readonly notes: readonly Note[];
}

/** What a search found as text for a model, by the one renderer through which passages reach one. */
export function passagesContent(
  { hits, notes }: Pick<SearchResult, "hits" | "notes">,
  { idOf = ({ passage }) => passage.id, maxChars, runtime = systemRuntime }: PassagesContentOptions = {},
): PassagesContent {
  const byId = new Map(hits.map((hit) => [idOf(hit), hit]));
  const evidence = [...byId].map(
    ([id, { passage, score }]): Evidence => ({ id: id as EvidenceId, passage, score, hop: 1, queries: [] }),
  );
  const rendered = renderEvidence(evidence, { runtime, maxChars });
  const all = [...notes, ...rendered.notes];
  const remarks = all.filter(({ code }) => code !== "neutralised").map(({ message }) => message);
  const fenced = fenceTexts(remarks.length === 0 ? [] : [{ name: "remarks", text: remarks.join("\n") }], { runtime });
  const found =
    rendered.shown.length > 0
      ? [rendered.instructions, rendered.text]
      : ["No passage was found. Say so rather than answering from memory, or search for something else."];
  return {
    content: [...found, ...(remarks.length === 0 ? [] : [fenced.instructions, ...fenced.texts])].join("\n\n"),
    hits: rendered.shown.map((id) => plainHit(id, byId.get(id)!)),
    notes: all,
  };
}

function plainHit(id: string, { passage, score }: Hit): PlainHit {
  const { source, title, headings, uri, span, page, pageBreaks, line, text } = passage;
  return {
    id,
    passage: passage.id,
    source,
    title,
    headings: [...headings],
    ...(uri === undefined ? {} : { uri }),
    span: [span[0], span[1]],
    ...(page === undefined ? {} : { page }),
    ...(pageBreaks === undefined ? {} : { pageBreaks: pageBreaks.map((one) => ({ ...one })) }),
    line,
    score,
    text,
  };
}
