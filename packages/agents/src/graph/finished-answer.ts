import {
  type Answer,
  type AnswerSentence,
  type AnswerStatus,
  type Citation,
  type Note,
  note,
  safeAnswerText,
} from "@clew/core";
import { draftConfidence } from "./draft-confidence.js";
import type { Run } from "./run.js";
import type { Attempt, RunState } from "./run-state.js";

/** An answer, but for its record, made when the run is closed, and the notes that it adds. */
export interface FinishedAnswer {
  readonly answer: Omit<Answer, "trace">;
  readonly notes: readonly Note[];
}

/** Puts an answer together of the better attempt, or of what the route said without looking anything up. */
export function finishedAnswer(state: RunState, run: Run): FinishedAnswer {
  const { routed } = state;
  const base = {
    id: state.run,
    question: state.question,
    evidence: run.ledger.list(),
    hops: state.hops,
    notes: [],
    usage: run.meter.usage,
  };
  if (routed !== null && routed.kind !== "retrieve") {
    // it cites nothing, so no link in it may stay
    const { text, notes } = safeAnswerText(routed.text, []);
    const sentence: AnswerSentence = {
      text,
      citations: [],
      verdict: "uncited",
      reasons: ["It is said without looking anything up."],
    };
    const status: AnswerStatus = routed.kind === "converse" ? "answered" : "abstained";
    return { answer: { ...base, status, text, sentences: [sentence], citations: [] }, notes };
  }
  if (state.stopped === "rejected") {
    const text = "This was not answered: a person did not approve it.";
    const sentence: AnswerSentence = { text, citations: [], verdict: "uncited", reasons: ["A person decided so."] };
    return { answer: { ...base, status: "abstained", text, sentences: [sentence], citations: [] }, notes: [] };
  }
  const { sentences, cut, confidence: own } = better(state.attempts);
  const supported = sentences.filter(isGrounded);
  const unsupported = sentences.filter((sentence) => !isGrounded(sentence) && !claimsNothing(sentence));
  const notes: Note[] = [];
  if (unsupported.length > 0) {
    const many = unsupported.length === 1 ? "One sentence is" : `${unsupported.length} sentences are`;
    notes.push(note("unsupported", `${many} not supported by the sources.`, { sentences: unsupported.length }));
  }
  if (base.evidence.length === 0) notes.push(note("no-hits", "Nothing was found."));
  const { fields } = state;
  const filled = fields === null || Object.values(fields).every(({ value }) => value !== null);
  const done = state.stopped === null || (fields !== null && filled);
  const whole = done && filled && unsupported.length === 0 && !cut && !metBudget(state.notes);
  const status: AnswerStatus = supported.length === 0 ? "abstained" : whole ? "answered" : "partial";
  const citations = distinct(sentences);
  // each sentence is safe by itself; a link could still begin in one and end in the next
  const joined = safeAnswerText(
    sentences.map((sentence) => sentence.text).join(fields === null ? " " : "\n"),
    citations.flatMap(({ uri }) => uri ?? []),
  );
  notes.push(...joined.notes);
  const confidence = own ?? draftConfidence(run.view.question, sentences, base.evidence);
  const answer = { ...base, status, confidence, text: joined.text, sentences, citations };
  return { answer: fields === null ? answer : { ...answer, fields }, notes };
}

/** The attempt with the larger share of grounded sentences; of equal ones the one with more, then the later. */
function better(attempts: RunState["attempts"]): Attempt {
  let best: Attempt = { sentences: [], cut: false };
  let bestScore = -1;
  for (const attempt of attempts) {
    const { sentences } = attempt;
    const grounded = sentences.filter(isGrounded).length;
    const claims = sentences.filter((sentence) => !claimsNothing(sentence)).length;
    const score = claims === 0 ? 0 : grounded / claims + grounded / 1e6;
    if (score >= bestScore) {
      best = attempt;
      bestScore = score;
    }
  }
  return best;
}

/** Held by its quotes, even where another quote contradicts them. */
const isGrounded = ({ verdict }: AnswerSentence): boolean => verdict === "supported" || verdict === "conflicting";

/** A sentence that came without citations because it says nothing of the world. */
const claimsNothing = ({ verdict, reasons }: AnswerSentence): boolean =>
  verdict === "uncited" && reasons.includes("It claims nothing that could be looked up.");

const metBudget = (notes: readonly Note[]): boolean => notes.some(({ code }) => code === "budget-reached");

/** All citations, each once, in order of first use. */
function distinct(sentences: readonly AnswerSentence[]): Citation[] {
  const found = new Map<string, Citation>();
  for (const { citations } of sentences) {
    for (const citation of citations) {
      const key = JSON.stringify([citation.evidence, citation.span]);
      if (!found.has(key)) found.set(key, citation);
    }
  }
  return [...found.values()];
}
