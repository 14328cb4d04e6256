import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Answer } from "@clew/core";
import { type BaseCheckpointSaver, MemorySaver } from "@langchain/langgraph";
import { expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { mortal, optionsOf, question } from "./persisted-run.mjs";

/** What an agent must hold over one kind of checkpointer. */
export interface SaverSuite {
  /** Opens an empty one; `close` frees it. */
  readonly open: () => Promise<{ readonly saver: BaseCheckpointSaver; readonly close: () => Promise<void> }>;
  /** How a child process opens it; `target` gives an empty one. @default no process is killed */
  readonly child?: { readonly saver: string; readonly target: (folder: string) => Promise<string> } | undefined;
}

/** Model calls and searches of the run when nothing goes wrong. */
export const paidCalls = 9;

/** Puts the resuming of runs to the proof: death after each write, in this process and by SIGKILL. */
export function testSaver({ open, child }: SaverSuite): void {
  it("resumes after death at any write, in a node or between two, to the same answer and pays nothing twice that was kept", async () => {
    const whole = await unbroken();
    const { saver, close } = await open();
    try {
      for (let after = 1, ended = false; !ended; after += 1) {
        await saver.deleteThread((await threadOf(saver)) ?? "none");
        const seen = { paid: 0, kept: 0 };
        ended = await dieAfter(saver, after, seen);
        // a run whose last checkpoint is written has ended: asked again, it would be another question
        if (ended) break;
        const answer = await agentOf(saver, seen).ask(question, { thread: "t" });
        expect(shownOf(answer)).toEqual(shownOf(whole));
        expect([after, seen.kept]).toEqual([after, paidCalls]);
      }
    } finally {
      await close();
    }
  });

  it("leaves nothing behind when the thread is deleted", async () => {
    const { saver, close } = await open();
    try {
      await agentOf(saver, { paid: 0, kept: 0 }).ask(question, { thread: "t" });
      await saver.deleteThread((await threadOf(saver))!);
      expect(await threadOf(saver)).toBeUndefined();
    } finally {
      await close();
    }
  });

  if (child === undefined) return;
  it.each([1, 3])("is killed after every 4 writes, first after %i, and ends with the same answer", async (first) => {
    const whole = await unbroken();
    const folder = await mkdtemp(join(tmpdir(), "clew-killed-"));
    try {
      const log = join(folder, "log");
      await writeFile(log, "");
      const target = await child.target(folder);
      let [deaths, answer] = [0, ""];
      for (let after = first; answer === ""; after = 4, deaths += 1) {
        answer = await runToDeath([child.saver, target, log, String(after)]);
        expect(deaths).toBeLessThan(40);
      }
      expect(deaths).toBeGreaterThan(6);
      expect(shownOf(JSON.parse(answer) as Answer)).toEqual(shownOf(whole));
      const lines = (await readFile(log, "utf8")).trim().split("\n");
      expect(lines.filter((line) => line === "kept")).toHaveLength(paidCalls);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

const unbroken = (): Promise<Answer> =>
  createRetrievalAgent(optionsOf(new MemorySaver(), () => undefined)).ask(question, { thread: "t" });

interface Seen {
  paid: number;
  kept: number;
}

function agentOf(saver: BaseCheckpointSaver, seen: Seen, after = Number.POSITIVE_INFINITY, died?: () => void) {
  const checkpointer = mortal(saver, {
    after,
    wrote: ({ journal }) => {
      if (journal) seen.kept += 1;
    },
    die: () => {
      died?.();
      return new Promise<never>(() => undefined);
    },
  });
  return createRetrievalAgent(
    optionsOf(checkpointer, () => {
      seen.paid += 1;
    }),
  );
}

/** Asks over a saver that stands still after so many writes, as after a power cut. @returns whether the run ended */
async function dieAfter(saver: BaseCheckpointSaver, after: number, seen: Seen): Promise<boolean> {
  const leaving = new AbortController();
  const gone = new Error("gone");
  const agent = agentOf(saver, seen, after, () => leaving.abort(gone));
  await expect(agent.ask(question, { thread: "t", signal: leaving.signal })).rejects.toBe(gone);
  const { tasks } = await agent.graph.getState({ configurable: { thread_id: await threadOf(saver) } });
  return tasks.length === 0;
}

/** The thread that a saver holds. */
async function threadOf(saver: BaseCheckpointSaver): Promise<string | undefined> {
  for await (const { config } of saver.list({ configurable: {} })) return config.configurable?.thread_id as string;
  return undefined;
}

/** What must not depend on how often a run died: all but the times. */
export const shownOf = ({ trace, ...answer }: Answer) =>
  JSON.parse(JSON.stringify({ ...answer, trace: trace.map(({ at: _, ...entry }) => entry) })) as Answer;

/** @returns what it printed; empty when it was killed */
async function runToDeath(args: readonly string[]): Promise<string> {
  const program = fileURLToPath(new URL("./killed-child.mjs", import.meta.url));
  const running = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  running.stdout.on("data", (text) => {
    stdout += text;
  });
  running.stderr.on("data", (text) => {
    stderr += text;
  });
  const [code, signal] = (await once(running, "close")) as [number | null, NodeJS.Signals | null];
  if (signal === "SIGKILL") return "";
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}
