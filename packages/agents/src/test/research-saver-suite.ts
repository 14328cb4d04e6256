import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BaseCheckpointSaver, MemorySaver } from "@langchain/langgraph";
import { expect, it } from "vitest";
import { createResearcher } from "../researcher/create-researcher.js";
import type { Report } from "../researcher/report.js";
import type { ResearchEvent } from "../researcher/research-event.js";
import { question, researchOptionsOf } from "./persisted-research.mjs";
import { mortal } from "./persisted-run.mjs";
import { runToDeath, type SaverSuite, threadOf } from "./saver-suite.js";

/** Processes are slow to start on a busy machine. */
const patient = 300_000;

/**
 * Model calls and searches when nothing goes wrong: a first search and an outline; three sections of a plan, a search, a grade and a
 * draft; one repair.
 */
export const paidCalls = 15;

/** Puts the resuming of research to the proof: death after each write, in this process and by SIGKILL. */
export function testResearchSaver({ open, every = 1, child }: SaverSuite): void {
  it("resumes after death at any write to the same report, and pays nothing twice that was kept", {
    timeout: patient,
  }, async () => {
    const whole = await unbroken();
    const { saver, close } = await open();
    const died = new Set<string>();
    try {
      let [after, ended] = [1, false];
      while (!ended) {
        await saver.deleteThread((await threadOf(saver)) ?? "none");
        const seen = { paid: 0, kept: 0 };
        const at = await dieAfter(saver, after, seen);
        ended = at === undefined;
        if (at === undefined) break;
        for (const node of at) died.add(node);
        const events: ResearchEvent[] = [];
        for await (const event of researcherOf(saver, seen).stream(question, { thread: "t" })) events.push(event);
        const done = events.at(-1);
        expect(done?.type).toBe("done");
        expect(shownOf((done as { report: Report }).report)).toEqual(shownOf(whole));
        expect([after, seen.kept]).toEqual([after, paidCalls]);
        // whoever only sees the second process sees the whole report grow
        const told = events.flatMap((event) => (event.type === "section-done" ? [event.section.id] : []));
        expect([after, ...told]).toEqual([after, "s1", "s2", "s3"]);
        // what follows the sections has few writes: each is met
        after += at.some((node) => node === "compose" || node === "finish" || node === "share") ? 1 : every;
      }
      const nodes = ["outline", "share", "section", "compose"];
      if (every <= 8) expect([...died]).toEqual(expect.arrayContaining(nodes));
    } finally {
      await close();
    }
  });

  if (child === undefined) return;
  it.each(child.first)(
    "is killed after every 24 writes, first after %i, and ends with the same report",
    async (first) => {
      const whole = await unbroken();
      const folder = await mkdtemp(join(tmpdir(), "clew-research-"));
      try {
        const log = join(folder, "log");
        await writeFile(log, "");
        const target = await child.target(folder);
        let [deaths, report] = [0, ""];
        for (let after = first; report === ""; after = 24, deaths += 1) {
          report = await runToDeath([child.saver, target, log, String(after), "research"]);
          expect(deaths).toBeLessThan(60);
        }
        // in the outline, and in both rounds of sections
        expect(deaths).toBeGreaterThan(2);
        expect(shownOf(JSON.parse(report) as Report)).toEqual(shownOf(whole));
        const lines = (await readFile(log, "utf8")).trim().split("\n");
        const kept = lines.filter((line) => line === "kept").length;
        // of two sections side by side, each may have a call on its way to the disk, or on its way back
        expect(kept).toBeLessThanOrEqual(paidCalls);
        expect(lines.length - kept).toBeLessThanOrEqual(paidCalls + 2 * deaths);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    patient,
  );
}

const unbroken = (): Promise<Report> =>
  createResearcher(researchOptionsOf(new MemorySaver(), () => undefined)).research(question, { thread: "t" });

interface Seen {
  paid: number;
  kept: number;
}

function researcherOf(
  saver: BaseCheckpointSaver,
  seen: Seen,
  { after = Number.POSITIVE_INFINITY, died }: { readonly after?: number; readonly died?: () => void } = {},
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
  const options = researchOptionsOf(checkpointer, () => {
    seen.paid += 1;
  });
  return createResearcher(options);
}

/** Researches over a saver that stands still after so many writes. @returns the nodes it died in; undefined: it had ended */
async function dieAfter(saver: BaseCheckpointSaver, after: number, seen: Seen): Promise<string[] | undefined> {
  const leaving = new AbortController();
  const gone = new Error("gone");
  const researcher = researcherOf(saver, seen, { after, died: () => leaving.abort(gone) });
  const asked = researcher.research(question, { thread: "t", signal: leaving.signal });
  const outcome = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  // fewer writes than that: it came to its end
  if (outcome === undefined) return undefined;
  expect(outcome).toBe(gone);
  const { tasks } = await researcher.graph.getState({ configurable: { thread_id: await threadOf(saver) } });
  return tasks.length === 0 ? undefined : tasks.map(({ name }) => name);
}

/** What must not depend on how often research died: all but the times. */
const shownOf = ({ trace: _, ...report }: Report) => JSON.parse(JSON.stringify(report)) as Report;
