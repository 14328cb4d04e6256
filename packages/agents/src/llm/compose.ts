import {
  type AnswerSentence,
  fenceTexts,
  type HopRecord,
  type Note,
  neutralise,
  note,
  type PolicyState,
  type Runtime,
  type Turn,
} from "@clew/core";

const shownTurns = 6;
const shownText = 2000;

const cut = (text: string): string => (text.length > shownText ? `${text.slice(0, shownText)}…` : text);

/**
 * A labelled part of a request, and who wrote it: `own` words of the library or of whoever set it up, and texts that are
 * fenced already; the user's `question`; or an `untrusted` text, which models or sources had a hand in.
 */
export type PromptPart = readonly [label: string, text: string, by: "own" | "question" | "untrusted"];

/** A request's user message, and what its system message has to say about it. */
export interface Composed {
  readonly user: string;
  /** How the fences in it are to be read; empty where there are none. */
  readonly rules: string;
  /** `neutralised` where something was taken out of a part. */
  readonly notes: readonly Note[];
}

/** Labelled parts that may stand in a prompt as they are. */
export interface FencedParts extends Pick<Composed, "rules" | "notes"> {
  readonly parts: readonly (readonly [label: string, text: string])[];
}

/**
 * Puts a request together: labelled parts, joined as they are; nothing in them is ever expanded.
 *
 * @see fencedParts
 */
export function compose(runtime: Pick<Runtime, "random">, ...given: readonly PromptPart[]): Composed {
  const { parts, rules, notes } = fencedParts(runtime, given);
  return { user: parts.map(([label, text]) => `${label}:\n${text}`).join("\n\n"), rules, notes };
}

/**
 * Makes parts harmless, empty ones left out: untrusted ones are fenced with a marker of their own, from the question only
 * what could pass for structure is taken.
 */
export function fencedParts(runtime: Pick<Runtime, "random">, given: readonly PromptPart[]): FencedParts {
  const parts = given.filter(([, text]) => text !== "");
  const untrusted = parts.filter(([, , by]) => by === "untrusted");
  const fenced = fenceTexts(
    untrusted.map(([label, text]) => ({ name: label.toLowerCase().replaceAll(" ", "-"), text })),
    { runtime },
  );
  let changed = fenced.neutralised;
  let at = 0;
  const safe = parts.map(([label, text, by]): [string, string] => {
    if (by === "untrusted") return [label, fenced.texts[at++]!];
    if (by === "own") return [label, text];
    const harmless = neutralise(text);
    changed += harmless.tokens + harmless.unseen;
    return [label, harmless.text];
  });
  const message =
    "Question, conversation or draft went into the prompt changed: what could pass for its structure was broken up.";
  return {
    parts: safe,
    rules: untrusted.length === 0 ? "" : fenced.instructions,
    notes: changed === 0 ? [] : [note("neutralised", message, { tokens: changed })],
  };
}

/** The last turns of a conversation, a line for each question and each answer. */
export const turnsAsText = (turns: readonly Turn[]): string =>
  turns
    .slice(-shownTurns)
    .map(({ question, answer }) => `asked: ${oneLine(cut(question))}\nanswered: ${oneLine(cut(answer))}`)
    .join("\n");

/** The places to look in, a line for each. */
export const sourcesAsText = ({ sources }: PolicyState): string =>
  sources.map(({ name, about }) => `${name}: ${about}`).join("\n");

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

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
