import type { Answer, AnswerSentence, AnswerStatus, HopRecord, Note, Usage, Verdict } from "@clew/core";

/** A citation as `clew ask --json` prints it. */
export interface CitationJson {
  readonly quote: string;
  readonly source: string;
  readonly title: string;
  readonly uri: string | null;
  /** From 1; null for a source without pages. */
  readonly page: number | null;
  /** Line of the source's canonical text, from 1. */
  readonly line: number;
  /** First UTF-16 code unit of the quote in the source's canonical text. */
  readonly start: number;
  /** Code unit after the last. */
  readonly end: number;
}

/** What `clew ask --json` prints. */
export interface AnswerJson {
  readonly status: AnswerStatus;
  readonly text: string;
  readonly sentences: readonly {
    readonly text: string;
    readonly verdict: Verdict;
    readonly reasons: readonly string[];
    /** Positions in `citations`. */
    readonly citations: readonly number[];
  }[];
  readonly citations: readonly CitationJson[];
  readonly notes: readonly Note[];
  readonly usage: Usage;
  readonly hops: readonly HopRecord[];
}

/** An answer for machines. */
export function answerJson({ status, text, sentences, citations, notes, usage, hops }: Answer): AnswerJson {
  const key = ({ source, span }: AnswerSentence["citations"][number]): string => `${span[0]} ${span[1]} ${source}`;
  const positions = new Map(citations.map((citation, index) => [key(citation), index]));
  return {
    status,
    text,
    sentences: sentences.map((sentence) => ({
      text: sentence.text,
      verdict: sentence.verdict,
      reasons: sentence.reasons,
      citations: sentence.citations.map((citation) => positions.get(key(citation))!),
    })),
    citations: citations.map(({ quote, source, title, uri, page, line, span: [start, end] }) => ({
      quote,
      source,
      title,
      uri: uri ?? null,
      page: page ?? null,
      line,
      start,
      end,
    })),
    notes,
    usage,
    hops,
  };
}
