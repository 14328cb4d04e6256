import { type Answer, type AnswerSentence, type Citation, type Evidence, verifySentence } from "@clew/core";

/**
 * What is wrong with an answer, whoever wrote it, in sentences for people; empty when nothing is. Looked up in the sources as
 * they were read, not in what the run says of them:
 * - every citation, of the answer and of its sentences, stands verbatim at its span, within the evidence that it names;
 * - no evidence is named that the run did not gather;
 * - a sentence is marked as supported only where verifying it once more says so, and a supported one has a citation;
 * - the citations of the answer are those of its sentences.
 *
 * @param texts canonical text of each source
 */
export function checkAnswer(answer: Answer, texts: ReadonlyMap<string, string>): string[] {
  const evidence = new Map<string, Evidence>(answer.evidence.map((one) => [one.id, one]));
  const cited = answer.sentences.flatMap(({ citations }) => citations);
  return [
    ...[...answer.citations, ...cited].flatMap((citation) => checkCitation(citation, evidence, texts)),
    ...answer.sentences.flatMap((sentence) => checkVerdict(sentence, evidence)),
    ...missing(cited, answer.citations, "A sentence cites what the answer does not list"),
    ...missing(answer.citations, cited, "The answer lists what no sentence cites"),
  ];
}

function checkCitation(
  { evidence: id, quote, source, span }: Citation,
  evidence: ReadonlyMap<string, Evidence>,
  texts: ReadonlyMap<string, string>,
): string[] {
  const where = `${id}, ${source} [${span.join(", ")})`;
  const named = evidence.get(id);
  if (named === undefined) return [`${where}: there is no evidence ${id}.`];
  const wrong: string[] = [];
  const { passage } = named;
  if (passage.source !== source) wrong.push(`${where}: ${id} is from ${passage.source}.`);
  if (span[0] < passage.span[0] || span[1] > passage.span[1]) wrong.push(`${where}: outside of ${id}.`);
  const text = texts.get(source);
  if (text === undefined) wrong.push(`${where}: there is no such source.`);
  else if (quote === "" || text.slice(...span) !== quote) {
    wrong.push(`${where}: ${JSON.stringify(quote)} is not ${JSON.stringify(text.slice(...span))}.`);
  }
  return wrong;
}

function checkVerdict(sentence: AnswerSentence, evidence: ReadonlyMap<string, Evidence>): string[] {
  if (sentence.verdict !== "supported") {
    return sentence.reasons.length > 0 ? [] : [`"${sentence.text}" is ${sentence.verdict}, and nothing says why.`];
  }
  if (sentence.citations.length === 0) return [`"${sentence.text}" is marked as supported and cites nothing.`];
  const again = verifySentence(
    { text: sentence.text, citations: sentence.citations.map(({ evidence: id, quote }) => ({ evidence: id, quote })) },
    { get: (id) => evidence.get(id) },
  ).sentence;
  if (again.verdict === "supported") return [];
  return [`"${sentence.text}" is marked as supported, but is ${again.verdict}: ${again.reasons.join(" ")}`];
}

function missing(these: readonly Citation[], those: readonly Citation[], what: string): string[] {
  const keys = new Set(those.map(keyOf));
  return these.filter((one) => !keys.has(keyOf(one))).map((one) => `${what}: ${keyOf(one)}.`);
}

const keyOf = ({ evidence, span }: Citation): string => `${evidence} [${span.join(", ")})`;
