import {
  type AnswerSentence,
  type DraftEvent,
  type Note,
  note,
  safeAnswerText,
  untilAborted,
  verifySentence,
} from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { outboundNote } from "../outbound/outbound-note.js";
import type { CheckLeaf } from "../structured/leaf-check.js";
import { writeFields } from "../structured/write-fields.js";
import { answerHash } from "./answer-hash.js";
import { conflicting } from "./conflicting.js";
import { finishedAnswer } from "./finished-answer.js";
import { judged } from "./judged.js";
import type { Node } from "./look-nodes.js";
import { type AgentParts, openRun, type Run } from "./run.js";
import type { Attempt, RunState } from "./run-state.js";
import { type SealedRun, sealRun } from "./seal-run.js";

export const writeNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "write" });
    const form = state.options?.form;
    if (form !== undefined) {
      const { checkLeaf } = (config.context ?? {}) as { readonly checkLeaf?: CheckLeaf | undefined };
      return run.close(await writeFields(parts, state, run, form, checkLeaf));
    }
    const attempt = await draft(state, run, (call) => parts.policy.write(run.view, call));
    return run.close({ attempts: [attempt] });
  };

export const repairNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "repair" });
    const before = state.attempts.at(-1)!.sentences;
    const attempt = await draft(
      state,
      run,
      (call) => parts.policy.repair?.(run.view, before, call) ?? parts.policy.write(run.view, call),
    );
    return run.close({ attempts: [...state.attempts, attempt], repairing: false });
  };

/** Writes one attempt, each sentence verified as soon as it is complete; what is said a second time is left out. */
async function draft(
  state: RunState,
  run: Run,
  write: (call: Run["call"]) => AsyncIterable<DraftEvent>,
): Promise<Attempt> {
  const attempt = state.attempts.length + 1;
  const sentences: AnswerSentence[] = [];
  const said = new Set<string>();
  let repeated = 0;
  let cut = false;
  let confidence: number | undefined;
  const keep = async (one: Note): Promise<void> => {
    cut ||= cutsDraft(one);
    await run.note(one);
  };
  const deadline = run.deadline();
  const onTime = {
    ...deadline.call,
    note: async (one: Note): Promise<void> => {
      if (cutsDraft(one) && !deadline.signal.aborted) cut = true;
      await deadline.call.note?.(one);
    },
  };
  const take = async (events: AsyncIterable<DraftEvent>): Promise<void> => {
    for await (const event of events) {
      if (event.type === "delta") {
        run.emit({ type: "draft", attempt, text: event.text });
        continue;
      }
      deadline.step();
      if (event.type === "note") await keep(event.note);
      else if (event.type === "confidence") {
        confidence = event.value;
        await run.record("confidence", { attempt, value: event.value, features: event.features });
      } else if (said.has(formOf(event.text))) repeated += 1;
      else {
        said.add(formOf(event.text));
        const { sentence, notes } = verifySentence(event, run.ledger);
        for (const one of notes) await run.note(one);
        const safe = safeSentence(sentence);
        for (const one of safe.notes) await run.note(one);
        if (safe.sentence.text === "") continue;
        sentences.push(safe.sentence);
        await run.record("verdict", { attempt, ...safe.sentence });
        run.emit({ type: "sentence", attempt, sentence: safe.sentence });
      }
    }
  };
  try {
    await take(untilAborted(write(onTime), deadline.signal));
  } catch (error) {
    run.signal?.throwIfAborted();
    if (!deadline.passed()) throw error;
    await deadline.missed();
    await run.note(
      note("budget-reached", "The limit of ms was reached while the answer was written: it is cut short.", {
        limits: ["ms"],
      }),
    );
    // the evidence is there: its best sentences are an answer that costs nothing more
    if (sentences.length === 0) await take(extractivePolicy().write(run.view, run.call));
  } finally {
    deadline.clear();
  }
  if (repeated > 0) {
    const many = repeated === 1 ? "One sentence that was" : `${repeated} sentences that were`;
    await run.note(
      note("repaired", `${many} said before in the same answer ${repeated === 1 ? "is" : "are"} left out.`, {
        attempt,
        repeated,
      }),
    );
  }
  return { sentences, cut, ...(confidence === undefined ? {} : { confidence }) };
}

/** What makes two sentences the same: white space and case aside. */
const formOf = (text: string): string => text.replace(/\s+/g, " ").trim().toLowerCase();

/** Whether a note says that the writer itself was cut, and not the evidence that it was shown. */
const cutsDraft = ({ code, detail }: Note): boolean =>
  code === "cut" && (detail?.role === "writer" || detail?.role === "repair");

function safeSentence(sentence: AnswerSentence) {
  const uris = sentence.citations.flatMap(({ uri }) => uri ?? []);
  const { text, notes } = safeAnswerText(sentence.text, uris);
  return { sentence: { ...sentence, text: text.trim() }, notes };
}

/** Holds what code found supported against a judge and against all evidence, and decides whether to write once more. */
export const verifyNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "verify" });
    const { policy } = parts;
    const attempt = state.attempts.length;
    const last = state.attempts.at(-1)!;
    // fields are verified where they are written, and asked for again there
    if (state.fields !== null) return run.close({ repairing: false });
    const sentences = await conflicting(await judged(last.sentences, parts, run), run);
    for (const [index, sentence] of sentences.entries()) {
      if (sentence === last.sentences[index]) continue;
      await run.record("verdict", { attempt, ...sentence });
      run.emit({ type: "sentence", attempt, sentence });
    }
    const flawed = sentences.some(({ verdict }) => verdict === "unsupported" || verdict === "uncited");
    const repairing =
      flawed &&
      policy.repair !== undefined &&
      attempt === 1 &&
      (await run.decide((meter) => meter.reached().every((limit) => limit === "hops")));
    return run.close({ attempts: [...state.attempts.slice(0, -1), { ...last, sentences }], repairing });
  };

/** Puts the answer together and the turn into the conversation; what the run needed on its way is let go. */
export const finishNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "finish" });
    const { answer, notes } = finishedAnswer(state, run);
    for (const one of notes) await run.note(one);
    const sent = outboundNote(run.journal.entries());
    if (sent !== undefined) await run.note(sent);
    await run.record("passages", { passages: answer.evidence.map(({ passage }) => passage) });
    const closed = run.close({});
    const bare = { ...answer, notes: closed.notes!, usage: run.meter.usage };
    await run.record("answer", { status: answer.status, text: answer.text, hash: answerHash(bare) });
    const { trace, heard } = await closeRecord(parts, state, run, config);
    const complete = { ...bare, trace };
    run.emit({ type: "done", answer: complete });
    return {
      ...closed,
      answer: complete,
      conversation: [...(state.conversation ?? []), { question: state.question, answer: answer.text }],
      heard,
      options: {},
      passages: {},
      evidence: [],
      trace: [],
    };
  };

/** Seals what was recorded; of a replay, holds it against the record that it was made from. */
async function closeRecord(
  parts: AgentParts,
  state: RunState,
  run: Run,
  config: LangGraphRunnableConfig,
): Promise<SealedRun> {
  const { recorded } = parts;
  if (recorded === undefined) return sealRun(parts, state, run, config);
  recorded.check(run.journal.entries(), { whole: true });
  return { trace: recorded.trace, heard: [] };
}
