import { type Answer, type Citation, fenceTexts, type Runtime, systemRuntime } from "@clew/core";
import { doubtOf } from "./doubt-of.js";

/** Options of {@link answerContent}. */
export interface AnswerContentOptions {
  /** Name the passage of each source by its id, for models that can fetch it. @default false */
  passageIds?: boolean | undefined;
  /** Draws the marker of the fence. @default that of the system */
  runtime?: Pick<Runtime, "random"> | undefined;
}

const heads = {
  answered: "Status: answered. Sentences are checked against the sources; [n] names the source of a sentence.",
  partial:
    "Status: partial. Not everything that was asked could be answered; say what is missing. Sentences are checked against the sources; [n] names the source of a sentence.",
  abstained:
    "Status: abstained. The sources hold no answer to this question. Say so; do not answer it from memory or by guessing.",
} as const;

/** Codes of notes that change what an answer is worth. */
const telling = ["budget-reached", "stopped", "sub-question-failed", "conflict", "unsupported", "fell-back", "no-hits"];

/**
 * An answer as text for another model: what became of the question, the sentences with numbered citations, what is not
 * supported marked so, and the sources with their quotes. What models and sources had a hand in is fenced and neutralised.
 */
export function answerContent(
  answer: Answer,
  { passageIds = false, runtime = systemRuntime }: AnswerContentOptions = {},
): string {
  const { status, sentences, citations, notes } = answer;
  const passages = new Map(answer.evidence.map(({ id, passage }) => [id, passage.id]));
  const number = new Map(citations.map((citation, at) => [keyOf(citation), at + 1]));
  const said = sentences.map((sentence) => {
    const marks = [...new Set(sentence.citations.map((one) => `[${number.get(keyOf(one))}]`))].join("");
    return [oneLine(sentence.text), marks, doubtOf(sentence)].filter((part) => part !== "").join(" ");
  });
  const listed = citations.map(({ title, source, page, quote, evidence }, at) => {
    const place = page === undefined ? "" : `, page ${page}`;
    const name = title === "" || title === source ? source : `${title} (${source})`;
    const passage = passageIds ? `, passage ${oneLine(passages.get(evidence) ?? "unknown")}` : "";
    return `[${at + 1}] ${oneLine(name)}${place}${passage}: "${oneLine(quote)}"`;
  });
  const remarks = notes.filter(({ code }) => telling.includes(code)).map(({ message }) => oneLine(message));
  const { texts, instructions } = fenceTexts(
    [
      { name: "answer", text: said.length > 0 ? said.join("\n") : answer.text },
      ...(listed.length === 0 ? [] : [{ name: "sources", text: listed.join("\n") }]),
      ...(remarks.length === 0 ? [] : [{ name: "remarks", text: remarks.join("\n") }]),
    ],
    { runtime },
  );
  return [heads[status], instructions, ...texts].join("\n\n");
}

const keyOf = ({ source, span }: Citation): string => `${span[0]} ${span[1]} ${source}`;

const oneLine = (text: string): string => text.replace(/[\s\u0085]+/g, " ").trim();
