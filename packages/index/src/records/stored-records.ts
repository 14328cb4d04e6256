import type { Passage, PassageId, SourceRecord, SourceText, Span } from "@clew/core";

/** A source's own record. */
export interface StoredSource {
  readonly record: SourceRecord;
  /** Generation in which its content was last written. */
  readonly written: number;
}

/** A source's text; its source is the record's. */
export type StoredText = Omit<SourceText, "source">;

/** What is the passage's alone; the rest is its source's. */
export type StoredPassage = Pick<Passage, "text" | "headings" | "page" | "pageBreaks" | "line" | "context"> & {
  readonly id: PassageId;
  readonly span: Span;
};

/** What one generation changed. Hashes of sources. */
export interface LogEntry {
  /** Written anew, or for the first time. */
  readonly put?: readonly string[];
  readonly removed?: readonly string[];
  /** Of which only the record changed. */
  readonly changed?: readonly string[];
}

/** The part of a passage that is stored with it. */
export const storedPassage = ({
  id,
  span,
  text,
  headings,
  page,
  pageBreaks,
  line,
  context,
}: Passage): StoredPassage => ({
  id,
  span,
  text,
  headings,
  page,
  pageBreaks,
  line,
  context,
});

/** A passage as the splitter made it, with what its source says now. */
export function toPassage(stored: StoredPassage, ordinal: number, source: SourceRecord): Passage {
  const { id, title, uri, metadata, access } = source;
  return {
    id: stored.id,
    source: id,
    ordinal,
    span: stored.span,
    text: stored.text,
    title,
    headings: stored.headings,
    ...(stored.page === undefined ? {} : { page: stored.page }),
    ...(stored.pageBreaks === undefined ? {} : { pageBreaks: stored.pageBreaks }),
    line: stored.line,
    ...(uri === undefined ? {} : { uri }),
    metadata,
    ...(access === undefined ? {} : { access }),
    ...(stored.context === undefined ? {} : { context: stored.context }),
  };
}
