import type { AnswerSentence, Evidence } from "@clew/core";
import { type Analyzer, analyzer as makeAnalyzer } from "@clew/core/text";
import { readQuestion } from "../extractive/read-question.js";

const english = makeAnalyzer();

/**
 * How sure code is of a draft whose writer did not say, in [0, 1]: the share of its claims that are supported, times the
 * share of the question's telling terms that its quotes and the titles of their passages hold. 0 for a draft
 * that cites nothing.
 */
export function draftConfidence(
  question: string,
  sentences: readonly AnswerSentence[],
  evidence: readonly Evidence[],
  analyzer: Analyzer = english,
): number {
  const citations = sentences.flatMap((sentence) => sentence.citations);
  const wanted = new Set(readQuestion(question, analyzer).terms);
  if (citations.length === 0 || wanted.size === 0) return 0;
  const quoted = new Set(citations.map(({ evidence: id }) => id));
  const titles = evidence.filter(({ id }) => quoted.has(id)).map(({ passage }) => passage.title);
  const held = new Set([...citations.map(({ quote }) => quote), ...titles].flatMap((text) => analyzer.terms(text)));
  const covered = [...wanted].filter((term) => held.has(term)).length / wanted.size;
  const supported = sentences.filter(({ verdict }) => verdict === "supported").length / sentences.length;
  return supported * covered;
}
