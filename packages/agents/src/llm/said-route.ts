import { type Note, note, type PolicyState, type Route, safeAnswerText } from "@clew/core";
import { claimsSomething } from "./claims-something.js";

/** What a router wants to be said without looking anything up. */
export interface Said {
  readonly kind: "converse" | "clarify" | "decline";
  readonly text: string;
  readonly why: string;
}

/** The route, and a note where the model's own words do not stand. */
export interface SaidRoute {
  readonly route: Route;
  readonly note?: Note | undefined;
}

/** What is said in place of a router's own words: code wrote it, and it claims nothing. */
export const fixedTexts = Object.freeze({
  decline: "No documents were searched: this does not look like a question that documents could answer.",
  clarify: "The question was not understood. Please ask it again in other words.",
});

/**
 * Makes a route that says something. Nothing that a model claims without a source becomes the text of an answer: a refusal
 * is worded by code, with the model's reason in a note; a reply or a question back stands if it claims nothing (see
 * {@link claimsSomething}). Instead of a reply that does, the question is looked up.
 */
export function saidRoute({ kind, text, why }: Said, state: Pick<PolicyState, "question" | "conversation">): SaidRoute {
  const role = "router";
  if (kind === "decline") {
    const said = shown(text.trim() === "" ? why : text);
    const message = `The router finds that no documents could answer this. Its reason, unchecked: "${said}"`;
    return { route: { kind, text: fixedTexts.decline, why }, note: note("stopped", message, { role, said }) };
  }
  const claim = claimsSomething(text, kind === "clarify" ? "question" : "statement", state);
  if (claim === undefined) return { route: { kind, text, why } };
  const detail = { role, said: shown(text) };
  if (kind === "converse") {
    const message = `The router's reply may claim something that was not looked up (${shown(claim)}); the question is looked up instead.`;
    return { route: { kind: "retrieve", question: state.question, why }, note: note("fell-back", message, detail) };
  }
  const message = `The router's question may claim something that was not looked up (${shown(claim)}); a fixed text stands in its place.`;
  return { route: { kind, text: fixedTexts.clarify, why }, note: note("fell-back", message, detail) };
}

const longest = 200;

/** Words of a model as a note may show them: short, without links. */
function shown(text: string): string {
  const { text: safe } = safeAnswerText(text.replace(/\s+/g, " ").trim(), []);
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}
