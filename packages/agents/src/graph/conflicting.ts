import { type AnswerSentence, type Citation, findConflicts, note } from "@clew/core";
import type { Run } from "./run.js";

/**
 * The sentences after they were held against everything that was gathered: what another source contradicts in a number or a
 * date is `conflicting`, and cites the contradiction too. Each contradiction leaves a note.
 */
export async function conflicting(sentences: readonly AnswerSentence[], run: Run): Promise<readonly AnswerSentence[]> {
  const held = sentences.map((sentence) => (isHeld(sentence) ? sentence : { ...sentence, citations: [] }));
  const conflicts = findConflicts(held, { evidence: run.ledger.list() });
  const told = new Set<string>();
  const marked = [...sentences];
  for (const { sentence: index, between, message } of conflicts) {
    const sentence = marked[index]!;
    const [own, other] = between;
    if (sentence.verdict === "conflicting" && isCited(other, sentences[index]!)) continue;
    marked[index] = {
      ...sentence,
      citations: isCited(other, sentence) ? sentence.citations : [...sentence.citations, other],
      verdict: "conflicting",
      reasons: [...sentence.reasons, message],
    };
    const pair = [own.evidence, other.evidence].sort().join(" ");
    if (told.has(pair)) continue;
    told.add(pair);
    const detail = {
      evidence: between.map(({ evidence }) => evidence),
      sources: between.map(({ source }) => source),
      quotes: between.map(({ quote }) => quote),
    };
    await run.note(note("conflict", message, detail));
  }
  return marked;
}

const isHeld = ({ verdict }: AnswerSentence): boolean => verdict === "supported" || verdict === "conflicting";

const isCited = ({ evidence, span }: Citation, { citations }: AnswerSentence): boolean =>
  citations.some((one) => one.evidence === evidence && one.span[0] < span[1] && span[0] < one.span[1]);
