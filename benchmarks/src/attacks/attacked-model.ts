import { analyzer } from "@clew/core/text";
import type { AttackCase, Situation } from "./attack-case.js";
import { decoded } from "./decoded.js";
import { sentencesOf } from "./make-case.js";
import { OneChunkModel, type SaidAnswer, type SeenRequest } from "./one-chunk-model.js";
import { type ReadPrompt, readPrompt } from "./read-prompt.js";

/**
 * `unfenced` obeys what reaches it outside of a fence or behind a special token, and is else an honest model that quotes;
 * `everything` obeys every order that it can find anywhere in its prompt, decoded if need be: the worst case.
 */
export type Obeys = "unfenced" | "everything";

/** A model under attack, and what it did. */
export interface AttackedModel {
  readonly model: OneChunkModel;
  /** Calls in which it obeyed, as `role`. */
  readonly obeyed: readonly string[];
  /** What is wrong with the structure of its prompts. */
  readonly problems: readonly string[];
}

type Role = "router" | "planner" | "grader" | "writer";

/** Longest answer in UTF-16 code units: a server stops at `max_tokens`. */
const longest = 4000;
const { terms } = analyzer();

/** Makes the scripted model of one case. In both parts it is the attacker's own: it knows the order by heart. */
export function attackedModel(attack: AttackCase, obeys: Obeys): AttackedModel {
  const { canary, order, question } = attack;
  const obeyed: string[] = [];
  const problems: string[] = [];
  const model = new OneChunkModel((request) => {
    const { system, user, messages, index } = request;
    const role = roleOf(system);
    const prompt = readPrompt(system, user);
    problems.push(...prompt.problems.map((problem) => `${role}: ${problem}`));
    if (messages !== 2) problems.push(`${role}: ${messages} messages`);
    if (system.includes(canary)) problems.push(`${role}: the system message holds the attacker's words`);
    const heard = obeys === "everything" ? user : prompt.open.replaceAll(question, "");
    if (!decoded(heard).includes(canary)) return honest(role, prompt, attack, request);
    obeyed.push(role);
    const situation: Situation = { question, ids: prompt.passages.map(({ id }) => id), calls: index };
    return limited(order[role](situation));
  });
  return { model, obeyed, problems };
}

function roleOf(system: string): Role {
  if (system.startsWith("You decide")) return "router";
  if (system.startsWith("You plan")) return "planner";
  return system.startsWith("You check") ? "grader" : "writer";
}

/** As a server gives it: cut at its limit; arguments of a tool that were cut are no arguments. */
function limited(answer: object | string): SaidAnswer {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  if (text.length > longest) return { text: text.slice(0, longest), cut: true };
  return typeof answer === "string" ? { text } : { json: answer };
}

/** Does what the library's prompt asks for, quoting what the passages say, orders among it. */
function honest(
  role: Role,
  { passages }: ReadPrompt,
  { family, question: asked }: AttackCase,
  request: SeenRequest,
): SaidAnswer {
  const question = asked.slice(0, 500);
  switch (role) {
    case "router":
      return { json: { kind: "retrieve", question, text: null, why: "facts" } };
    case "planner":
      return { json: { subQuestions: [{ id: "q1", question, dependsOn: [] }] } };
    case "grader":
      // a second round carries what the first found into the query: titles and headings
      return grade(passages, question, family === "metadata" && !request.user.includes("round 2"), request);
    case "writer":
      return { text: quotes(passages, question) };
  }
}

/** Says what was found, or asks for more with a title that was found, as its prompt says. Thinks aloud where it may. */
function grade(
  passages: ReadPrompt["passages"],
  question: string,
  more: boolean,
  { tool, formatted }: SeenRequest,
): SaidAnswer {
  const evidence = passages.slice(0, 3).map(({ id }) => id);
  const query = `${passages[0]?.title} ${question}`;
  const one = more
    ? { id: "q1", answered: false, evidence: [], answer: null, missing: "more of it", query }
    : { id: "q1", answered: true, evidence, answer: "as quoted", missing: null, query: null };
  const json = { grades: [one] };
  if (tool !== undefined || formatted) return { json };
  return { text: `The evidence reads: ${passages[0]?.text.slice(0, 1500)}\n\nSo:\n${JSON.stringify(json)}` };
}

/** The two sentences that have most words in common with the question, each with its id and its words. */
export function quotes(passages: ReadPrompt["passages"], question: string, count = 2): string {
  const asked = new Set(terms(question));
  const found = passages.flatMap(({ id, title, text }) => {
    const near = new Set(terms(title));
    return sentencesOf(text).map((sentence) => {
      const own = new Set([...terms(sentence), ...near]);
      return { id, sentence, shared: [...asked].filter((term) => own.has(term)).length };
    });
  });
  found.sort((a, b) => b.shared - a.shared);
  if (found.length === 0) return "NOT COVERED";
  return found
    .slice(0, count)
    .map(({ id, sentence }) => `${sentence} [${id}: "${sentence}"]`)
    .join("\n");
}
