import type { AnswerSentence, HopRecord, PolicyState, Turn } from "@clew/core";

const shownTurns = 6;
const shownText = 2000;

const cut = (text: string): string => (text.length > shownText ? `${text.slice(0, shownText)}…` : text);

/** The user message of a request: labelled parts, joined as they are; nothing in them is ever expanded. */
export const compose = (...parts: readonly (readonly [label: string, text: string])[]): string =>
  parts
    .filter(([, text]) => text !== "")
    .map(([label, text]) => `${label}:\n${text}`)
    .join("\n\n");

/** The last turns of a conversation. */
export const turnsAsText = (turns: readonly Turn[]): string =>
  turns
    .slice(-shownTurns)
    .map(({ question, answer }) => `User: ${cut(question)}\nYou: ${cut(answer)}`)
    .join("\n");

/** The places to look in, a line for each. */
export const sourcesAsText = ({ sources }: PolicyState): string =>
  sources.map(({ name, about }) => `${name}: ${about}`).join("\n");

/** The plan, a line for each sub-question. */
export const planAsText = ({ plan }: PolicyState): string =>
  plan.subQuestions
    .map(
      ({ id, question, dependsOn, source }) =>
        `${id}: ${question}${dependsOn.length > 0 ? ` (needs ${dependsOn.join(", ")})` : ""}${source === undefined ? "" : ` (in ${source})`}`,
    )
    .join("\n");

/** The queries made so far. */
export const queriesAsText = (hops: readonly HopRecord[]): string =>
  hops
    .map(({ hop, source, query, fresh }) => {
      const where = source === undefined ? "" : ` in ${source}`;
      return `round ${hop}${where}: ${query} (${fresh.length} new)`;
    })
    .join("\n");

/** What the grader found, for the writer. */
export const gradesAsText = ({ plan, grades }: PolicyState): string =>
  plan.subQuestions
    .map(({ id, question }) => {
      const grade = grades.find(({ subQuestion }) => subQuestion === id);
      if (grade === undefined) return `${id}: ${question}`;
      if (grade.kind === "missing") return `${id}: ${question} (not found)`;
      return `${id}: ${question} (see ${grade.evidence.join(", ")})`;
    })
    .join("\n");

/** A draft with what is wrong in it. */
export const verdictsAsText = (sentences: readonly AnswerSentence[]): string =>
  sentences
    .map(
      ({ text, verdict, reasons }) =>
        `- ${cut(text)}\n  ${verdict}${reasons.length > 0 ? `: ${reasons.join(" ")}` : ""}`,
    )
    .join("\n");
