// What the server tells the page, as server-sent events: the researcher's own events without what only the server needs.
import type { Answer, Citation, Note, Outline, Reference, Report, ReportSection } from "clew";

/** A passage that entered a section's evidence. Its text is the source's: untrusted. */
export interface WireEvidence {
  readonly id: string;
  readonly source: string;
  readonly title: string;
  /** Its beginning. */
  readonly excerpt: string;
  readonly uri?: string | undefined;
  /** In the source's text. */
  readonly span: readonly [start: number, end: number];
  readonly page?: number | undefined;
  readonly line: number;
  readonly hop: number;
  /** Fetched from the web while the report is made. */
  readonly live: boolean;
}

/** What happens within a section. */
export type WireSectionEvent =
  | {
      readonly type: "query";
      readonly hop: number;
      readonly place?: string | undefined;
      readonly query: string;
      readonly why: string;
    }
  | {
      readonly type: "hits";
      readonly hop: number;
      readonly place?: string | undefined;
      readonly query: string;
      readonly hits: number;
    }
  | { readonly type: "evidence"; readonly evidence: WireEvidence }
  | { readonly type: "draft"; readonly attempt: number; readonly text: string }
  | { readonly type: "sentence"; readonly attempt: number; readonly sentence: Answer["sentences"][number] }
  | { readonly type: "note"; readonly note: Note };

/** A finished report, as the page needs it. */
export type WireReport = Pick<Report, "id" | "question" | "title" | "status" | "markdown" | "notes" | "usage"> & {
  /** Root of its record: the hash of its last line. */
  readonly root?: string | undefined;
  readonly sections: readonly ReportSection[];
  readonly references: readonly WireReference[];
};

/** A source of the bibliography. */
export type WireReference = Omit<Reference, "citations"> & { readonly live: boolean };

/** One event of the stream: `event` is its type, `data` its JSON. */
export type WireEvent =
  | { readonly type: "started"; readonly run: string }
  | { readonly type: "outline"; readonly outline: Outline }
  | { readonly type: "section"; readonly section: string; readonly event: WireSectionEvent }
  | { readonly type: "section-done"; readonly section: ReportSection; readonly live: readonly string[] }
  | { readonly type: "note"; readonly note: Note }
  | { readonly type: "usage"; readonly usage: Answer["usage"] }
  | { readonly type: "done"; readonly report: WireReport }
  /** The run was stopped, and why: everything that it had open is closed. */
  | { readonly type: "stopped"; readonly reason: string }
  | { readonly type: "failed"; readonly message: string };

/** `GET /about`: what the page says of itself. */
export interface About {
  /** Documents that are indexed. */
  readonly documents: number;
  readonly folder: string;
  /** Host of the web search; absent without one. */
  readonly web?: string | undefined;
  /** The model that writes; absent: quotes alone. */
  readonly model?: string | undefined;
  /** Whether runs are recorded, and a reader can say what they think of a report. */
  readonly record: boolean;
  /** Longest question, in UTF-16 code units. */
  readonly maxQuestion: number;
  readonly examples: readonly string[];
}

/** `GET /passage`: a part of a source's text around a citation. */
export interface WirePassage {
  readonly title: string;
  /** Where `text` begins in the source's text; spans of citations count from its beginning. */
  readonly offset: number;
  readonly text: string;
  /** Text stands before, and behind. */
  readonly more: readonly [before: boolean, behind: boolean];
  /** When it was fetched, in milliseconds since 1970; absent for the user's own documents. */
  readonly fetchedAt?: number | undefined;
}

/** What a refused request says. */
export interface WireError {
  readonly error: string;
}

export type { Citation, Note, Outline, ReportSection };
