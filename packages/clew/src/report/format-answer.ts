import type { Answer, Citation, HopRecord } from "@clew/core";

/** Options of {@link formatAnswer}. */
export interface FormatAnswerOptions {
  /** Begin with the hops; leave them out when they were shown while they happened. @default true */
  hops?: boolean | undefined;
}

/**
 * An answer for people: the hops, the sentences with numbered citations, each citation with its quote and place, and
 * the notes.
 */
export function formatAnswer(answer: Answer, { hops = true }: FormatAnswerOptions = {}): string {
  const numbers = new Map(answer.citations.map((citation, index) => [citationKey(citation), index + 1]));
  const sentences = answer.sentences.map(({ text, citations, verdict, reasons }) => {
    const marks = citations.map((citation) => `[${numbers.get(citationKey(citation))}]`).join("");
    const doubt = verdict === "supported" ? "" : `  (${[verdict, ...reasons].join(": ")})`;
    return `  ${text.replace(/\s+/g, " ")} ${marks}${doubt}`;
  });
  return [
    section("Hops", hops ? answer.hops.map(formatHop) : []),
    section(titles[answer.status], sentences.length > 0 ? sentences : [`  ${answer.text}`]),
    section(
      "Sources",
      answer.citations.map((citation, index) => formatCitation(citation, index + 1)),
    ),
    section(
      "Notes",
      answer.notes.map((note) => `  ${note.message}`),
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const titles = { answered: "Answer", partial: "Answer (partial)", abstained: "No answer" } as const;

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : [title, ...lines].join("\n");

/** A search that begins, in a line. */
export const formatQuery = ({ hop, query, why }: Pick<HopRecord, "hop" | "query" | "why">): string =>
  `Hop ${hop}: “${query}”${why === "" ? "" : ` (${why})`}`;

/** A search that ended, in a line. */
export const formatHop = ({ hop, query, why, hits, fresh }: HopRecord): string =>
  `  ${hop}. “${query}” → ${hits} passages, ${fresh.length} new${why === "" ? "" : ` (${why})`}`;

/** One citation: where the quote stands, and the quote. */
export function formatCitation({ quote, source, title, page, line, span }: Citation, number: number): string {
  const place = page === undefined ? `line ${line}` : `page ${page}`;
  const name = title === "" ? source : `${title} · ${source}`;
  return `  [${number}] ${name}, ${place}, characters ${span[0]}–${span[1]}\n      “${quote.replace(/\s+/g, " ")}”`;
}

const citationKey = ({ source, span }: Citation): string => `${span[0]} ${span[1]} ${source}`;
