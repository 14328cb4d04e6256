import type { AnswerStatus, HopRecord } from "../agent/answer.js";
import type { FieldValue } from "../agent/form.js";
import type { Verdict } from "../evidence/verdict.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";
import type { SourceId } from "../source/source.js";
import type { Span } from "../source/span.js";

/** The quote with its surroundings. @see Web Annotation Data Model, 4.2.4 "Text Quote Selector" */
export interface TextQuoteSelector {
  readonly type: "TextQuoteSelector";
  readonly exact: string;
  /** What stands right before it; empty where that is not known. */
  readonly prefix: string;
  /** What stands right after it; empty where that is not known. */
  readonly suffix: string;
}

/**
 * Where the quote stands, in Unicode code points of the canonical text, as the recommendation demands; in UTF-16 code units
 * see {@link ProofQuote.span}. @see Web Annotation Data Model, 4.2.5 "Text Position Selector"
 */
export interface TextPositionSelector {
  readonly type: "TextPositionSelector";
  readonly start: number;
  readonly end: number;
}

/** A page of a PDF. @see RFC 8118, section 3 */
export interface PageSelector {
  readonly type: "FragmentSelector";
  readonly conformsTo: "http://tools.ietf.org/rfc/rfc3778";
  readonly value: string;
}

/** One quote, once, however often it is cited. */
export interface ProofQuote {
  /** As the page shows it, from 1. */
  readonly number: number;
  /** Position of its source in {@link ProofJson.sources}. */
  readonly source: number;
  readonly evidence: string;
  /** In the source's canonical text, in UTF-16 code units. */
  readonly span: Span;
  /** Page on which it starts, from 1. */
  readonly page?: number | undefined;
  /** Line of the canonical text on which it starts, from 1. */
  readonly line: number;
  /** Target of a Web Annotation; the position is there where the source's text was known. */
  readonly target: {
    readonly source: string;
    readonly selector: readonly (TextQuoteSelector | TextPositionSelector | PageSelector)[];
  };
  /** Opens the source at the quote: `#page=` for a PDF, a text fragment for a web page. Only http and https. */
  readonly link?: string | undefined;
}

/** A source that is quoted. */
export interface ProofSource {
  readonly id: SourceId;
  readonly title: string;
  /** Only http and https, without user name and password: other addresses mean something on one machine only. */
  readonly uri?: string | undefined;
  /** Absent where it was not told. */
  readonly mediaType?: string | undefined;
  /** As it was ingested; absent where it was not told. */
  readonly version?: string | undefined;
  /** First 128 bits of the SHA-256 of the bytes that were read, as 32 hexadecimal digits; absent where the version is no such hash. */
  readonly bytesHash?: string | undefined;
  /** The same of the canonical text in UTF-8; absent where the text was not told. */
  readonly textHash?: string | undefined;
  /** The canonical text, where it was to be embedded. */
  readonly text?: string | undefined;
}

/** A sentence and the numbers of its quotes. */
export interface ProofSentence {
  readonly text: string;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly quotes: readonly number[];
}

/** What answers a section and stands in an earlier one. */
export interface ProofRepeat {
  /** Position of that section in {@link ProofJson.sections}. */
  readonly section: number;
  readonly quotes: readonly number[];
}

/** A part of what is proven: the whole of an answer, or a section of a report. */
export interface ProofSection {
  readonly heading?: string | undefined;
  /** What it answers, where that is not the question of the whole. */
  readonly question?: string | undefined;
  readonly status: AnswerStatus;
  readonly sentences: readonly ProofSentence[];
  /** What it would have said again; absent where there is nothing of the kind. */
  readonly repeats?: readonly ProofRepeat[] | undefined;
  /** Why it says nothing, in one sentence; absent where it was not told. */
  readonly abstention?: string | undefined;
}

/** A passage that was quoted from, without its text. */
export interface ProofEvidence {
  readonly id: string;
  readonly passage: string;
  readonly source: SourceId;
  readonly span: Span;
  readonly score: number;
  readonly hop: number;
  readonly queries: readonly string[];
}

/** A leaf of a structured answer. */
export interface ProofField {
  /** JSON pointer. */
  readonly path: string;
  readonly value: FieldValue | null;
  readonly verdict: Verdict | "missing";
  readonly quotes: readonly number[];
}

/** An answer with all that is needed to check its quotes. Plain JSON. */
export interface ProofJson {
  readonly format: "clew-proof@1";
  /** Of the answer, and of its run. */
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly status: AnswerStatus;
  readonly confidence?: number | undefined;
  readonly sections: readonly ProofSection[];
  readonly fields?: readonly ProofField[] | undefined;
  readonly quotes: readonly ProofQuote[];
  readonly sources: readonly ProofSource[];
  readonly evidence: readonly ProofEvidence[];
  readonly hops: readonly HopRecord[];
  readonly notes: readonly Note[];
  readonly usage: Usage;
  /** Root of the record: the hash of its last line, which stands for every line. Null for an answer without such a record. */
  readonly trace: { readonly root: string; readonly lines: number; readonly closedAt: number } | null;
}
