import type { Answer, AnswerSentence } from "@clew/core";
import { analyzer as makeAnalyzer } from "@clew/core/text";

const analyzer = makeAnalyzer();

/**
 * How well an answer is held by what it cites, 0 to 1: the share of its sentences that verification found supported,
 * times the share of the question's content words that its quotes and their titles hold. 0 for an answer that abstains.
 *
 * Comparable among answers of one kind of agent. It is a signal, no probability: `fitEscalation` makes a promise of it.
 */
export function supportOf({ question, status, sentences, citations }: Answer): number {
  if (status === "abstained" || sentences.length === 0) return 0;
  const grounded = sentences.filter(isGrounded).length / sentences.length;
  const asked = new Set(analyzer.terms(question));
  if (asked.size === 0) return grounded;
  const cited = new Set(citations.flatMap(({ quote, title }) => analyzer.terms(`${title}. ${quote}`)));
  const held = [...asked].filter((term) => cited.has(term)).length;
  return (grounded * held) / asked.size;
}

const isGrounded = ({ verdict }: AnswerSentence): boolean => verdict === "supported" || verdict === "conflicting";
