import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Answer, openTrace } from "@clew/core";
import { type BaseCheckpointSaver, MemorySaver } from "@langchain/langgraph";
import { expect, it } from "vitest";
import type { ApprovalDecision, ApprovalPoint } from "../approval.js";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { mortal, optionsOf, question } from "./persisted-run.mjs";

/** What an agent must hold over one kind of checkpointer. */
export interface SaverSuite {
  /** Opens an empty one; `close` frees it. */
  readonly open: () => Promise<{ readonly saver: BaseCheckpointSaver; readonly close: () => Promise<void> }>;
  /** Dies in this process after every so many writes, from the first on. @default 1 */
  readonly every?: number | undefined;
  /** How a child process opens it; `target` gives an empty one. @default no process is killed */
  readonly child?:
    | {
        readonly saver: string;
        readonly target: (folder: string) => Promise<string>;
        readonly first: readonly number[];
      }
    | undefined;
}

/** Processes are slow to start on a busy machine. */
const patient = 300_000;

/** Model calls and searches of the run when nothing goes wrong. */
export const paidCalls = 9;

/** Puts the resuming of runs to the proof: death after each write, in this process and by SIGKILL. */
export function testSaver({ open, every = 1, child }: SaverSuite): void {
  it("resumes after death at any write, in a node or between two, to the same answer and pays nothing twice that was kept", {
    timeout: patient,
  }, async () => {
    const whole = await unbroken();
    const { saver, close } = await open();
    try {
      for (let after = 1, ended = false; !ended; after += every) {
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

  it("keeps what waits for a person, and what the person decided, over a death", async () => {
    const { saver, close } = await open();
    try {
      const seen = { paid: 0, kept: 0 };
      const asked = agentOf(saver, seen, { approve: ["plan"] }).ask(question, { thread: "t" });
      await expect(asked).rejects.toMatchObject({ code: "approval-needed" });
      const again = agentOf(saver, seen, { approve: ["plan"] });
      const plan = { subQuestions: [{ id: "q1", question: "Who built the Labyrinth?", dependsOn: [] }] };
      expect(await again.pending("t")).toMatchObject({ kind: "plan", question });
      await dieAfter(saver, 1, seen, { decision: { plan } });
      const answer = await agentOf(saver, seen, { approve: ["plan"] }).ask(question, { thread: "t" });
      expect(answer.hops[0]?.query).toBe("Who built the Labyrinth?");
      expect(openTrace(answer.trace).filter(({ kind }) => kind === "decision")).toHaveLength(1);
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
  const chains = it.each(child.first);
  chains(
    "is killed after every 4 writes, first after %i, and ends with the same answer",
    async (first) => {
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
        const kept = lines.filter((line) => line === "kept").length;
        // of two searches at once, one may die on its way to the disk, or on its way back
        expect(kept).toBeLessThanOrEqual(paidCalls);
        expect(lines.length - kept).toBeLessThanOrEqual(paidCalls + deaths);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    patient,
  );
}

const unbroken = (): Promise<Answer> =>
  createRetrievalAgent(optionsOf(new MemorySaver(), () => undefined)).ask(question, { thread: "t" });

interface Seen {
  paid: number;
  kept: number;
}

interface AgentOptions {
  readonly after?: number;
  readonly died?: () => void;
  readonly approve?: readonly ApprovalPoint[];
}

function agentOf(
  saver: BaseCheckpointSaver,
  seen: Seen,
  { after = Number.POSITIVE_INFINITY, died, approve }: AgentOptions = {},
) {
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
  const options = optionsOf(checkpointer, () => {
    seen.paid += 1;
  });
  return createRetrievalAgent({ ...options, approve });
}

/** Asks over a saver that stands still after so many writes, as after a power cut. @returns whether the run ended */
async function dieAfter(
  saver: BaseCheckpointSaver,
  after: number,
  seen: Seen,
  { decision }: { readonly decision?: ApprovalDecision } = {},
): Promise<boolean> {
  const leaving = new AbortController();
  const gone = new Error("gone");
  const died = (): void => leaving.abort(gone);
  const agent = agentOf(saver, seen, { after, died, approve: decision === undefined ? [] : ["plan"] });
  const asked = agent.ask(question, { thread: "t", decision, signal: leaving.signal });
  await expect(asked).rejects.toBe(gone);
  const { tasks } = await agent.graph.getState({ configurable: { thread_id: await threadOf(saver) } });
  return tasks.length === 0;
}

/** The thread that a saver holds. */
export async function threadOf(saver: BaseCheckpointSaver): Promise<string | undefined> {
  for await (const { config } of saver.list({ configurable: {} })) return config.configurable?.thread_id as string;
  return undefined;
}

/** What must not depend on how often a run died: all but the times. */
export const shownOf = ({ trace, ...answer }: Answer) =>
  JSON.parse(JSON.stringify({ ...answer, trace: openTrace(trace).map(({ at: _, ...entry }) => entry) })) as Answer;

/** @returns what it printed; empty when it was killed */
export async function runToDeath(args: readonly string[]): Promise<string> {
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
