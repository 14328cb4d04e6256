import { setTimeout as sleep } from "node:timers/promises";
import type { IndexView } from "@clew/core";
import type { ChatOpenAI } from "@langchain/openai";
import { liveAgent, ways } from "./ask-all.js";
import type { ChatServer } from "./server/serve-chat.js";

/** What a stream that its caller left did. */
export interface LeftStream {
  /** Pieces of the draft that came before. */
  readonly drafts: number;
  /** Milliseconds from the abort until the stream had ended. */
  readonly endedMs: number;
  /** Milliseconds from the abort until the server was free. */
  readonly freedMs: number;
  readonly wrong: readonly string[];
}

/** Options of {@link leaveMidStream}. */
export interface LeaveMidStreamOptions {
  readonly question: string;
  readonly view: IndexView;
  readonly model: ChatOpenAI;
  readonly server: ChatServer;
}

/** Longest times that are let pass, in milliseconds: about ten times what an idle machine needs. */
const endsWithin = 1_000;
const freeWithin = 5_000;
const draftsBefore = 3;

/** Streams one question, aborts in the middle of the draft, and sees that the stream ends and the server stops. */
export async function leaveMidStream({ question, view, model, server }: LeaveMidStreamOptions): Promise<LeftStream> {
  const leaving = new AbortController();
  const reason = new Error("The reader has left.");
  const before = server.abandoned;
  let drafts = 0;
  let left = 0;
  const wrong: string[] = [];
  try {
    const agent = liveAgent({ view, model, capabilities: ways["json schema"]!, routed: "code" });
    const stream = agent.stream(question, { signal: leaving.signal });
    for await (const event of stream) {
      if (left > 0) wrong.push(`An event came behind the abort: ${event.type}.`);
      if (event.type !== "draft") continue;
      drafts += 1;
      if (drafts < draftsBefore) continue;
      left = performance.now();
      leaving.abort(reason);
    }
    wrong.push(
      left === 0 ? `The stream ended behind ${drafts} pieces of draft.` : "The stream ended without a reason.",
    );
  } catch (error) {
    if (error !== reason) wrong.push(`It threw another error than the reason given: ${(error as Error).stack}`);
  }
  const endedMs = performance.now() - left;
  while ((server.busy || server.waiting > 0) && performance.now() - left < 2 * freeWithin) await sleep(2);
  const freedMs = performance.now() - left;
  if (left > 0) {
    if (endedMs > endsWithin) wrong.push(`The stream ended ${Math.round(endedMs)} ms behind the abort.`);
    if (freedMs > freeWithin) wrong.push(`The server was busy for ${Math.round(freedMs)} ms behind the abort.`);
    if (server.abandoned !== before + 1) wrong.push("The server did not notice that its client had gone.");
  }
  return { drafts, endedMs, freedMs, wrong };
}
