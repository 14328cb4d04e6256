import { setTimeout as sleep } from "node:timers/promises";
import { type EndpointModel, probe } from "@clew/endpoints";

/** What can be seen of a server from outside of its answers. */
export interface WatchedServer {
  isBusy(): boolean | Promise<boolean>;
  /** Requests whose client had gone. @default not counted */
  abandoned?(): number;
}

/** What a real model behind an endpoint did. */
export interface CheckedEndpoint {
  /** The probe's report, for people. */
  readonly probe: string;
  readonly calls: number;
  /** Pieces of a streamed answer. */
  readonly pieces: number;
  /** An answer that was held to a schema. */
  readonly structured: unknown;
  /** Milliseconds from an abort in mid-stream until the server was free. */
  readonly freedMs: number;
  /** Answers to requests that were sent at once. */
  readonly atOnce: number;
  readonly wrong: readonly string[];
}

/** What the endpoint that is checked is made with. */
export const checkedWith = {
  environment: {},
  maxTokens: 32,
  temperature: 0,
  maxRetries: 0,
  maxConcurrency: 4,
  timeoutMs: 300_000,
};

const schema = {
  type: "object",
  properties: { animal: { enum: ["cat", "dog"] }, legs: { enum: [2, 4] } },
  required: ["animal", "legs"],
  additionalProperties: false,
};
const freeWithin = 5_000;

/** Probe, stream, structured output by grammar, abort in mid-stream and four requests at once, through `endpoint`. */
export async function checkEndpoint(chat: EndpointModel, server: WatchedServer): Promise<CheckedEndpoint> {
  const wrong: string[] = [];
  const report = await probe(chat);
  if (report.calls > 12) wrong.push(`The probe took ${report.calls} calls.`);
  for (const ability of ["chat", "streaming", "streamUsage", "jsonSchema"] as const) {
    if (report.abilities[ability].answer !== "yes") {
      wrong.push(
        `The probe says ${report.abilities[ability].answer} to ${ability}: ${report.abilities[ability].evidence}`,
      );
    }
  }
  let pieces = 0;
  let told = 0;
  for await (const chunk of await chat.stream("Tell me of a thread.")) {
    if (chunk.text !== "") pieces += 1;
    if (chunk.response_metadata.served !== undefined) told += 1;
  }
  if (pieces < 2 || told !== 1) wrong.push(`A stream came in ${pieces} pieces, and ${told} said what served.`);
  const known = chat.vary({ capabilities: report.capabilities }) ?? chat;
  const structured: unknown = await known.withStructuredOutput(schema).invoke("Which animal purrs?");
  const { animal, legs } = structured as { animal?: unknown; legs?: unknown };
  if ((animal !== "cat" && animal !== "dog") || (legs !== 2 && legs !== 4)) {
    wrong.push(`The schema was not kept: ${JSON.stringify(structured)}`);
  }
  const freedMs = await leave(chat, server, wrong);
  const answers = await Promise.all(["one", "two", "three", "four"].map((word) => chat.invoke(`Say ${word}.`)));
  const atOnce = answers.filter(({ text }) => text !== "").length;
  if (atOnce !== 4) wrong.push(`Of four requests at once ${atOnce} were answered.`);
  return { probe: report.text, calls: report.calls, pieces, structured, freedMs, atOnce, wrong };
}

async function leave(chat: EndpointModel, server: WatchedServer, wrong: string[]): Promise<number> {
  const leaving = new AbortController();
  const before = server.abandoned?.();
  let left = 0;
  try {
    for await (const chunk of await chat.stream("Tell me a long story.", { signal: leaving.signal, maxTokens: 400 })) {
      if (chunk.text === "" || left > 0) continue;
      if (!(await server.isBusy())) wrong.push("The server was not busy in mid-stream: the abort proves nothing.");
      left = performance.now();
      leaving.abort(new Error("The reader has left."));
    }
    wrong.push("A stream that was aborted ended as if it were whole.");
  } catch (error) {
    if (left === 0) throw error;
  }
  while ((await server.isBusy()) && performance.now() - left < 2 * freeWithin) await sleep(2);
  const freedMs = performance.now() - left;
  if (freedMs > freeWithin || (before !== undefined && server.abandoned?.() !== before + 1)) {
    wrong.push(`The server worked on for ${Math.round(freedMs)} ms behind an abort.`);
  }
  return freedMs;
}
