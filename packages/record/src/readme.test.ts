import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTrace, scope, sealTrace, type Trace, type TraceStore } from "@clew/core";
import { expect, it } from "vitest";
import { fileTraces } from "./file-traces.js";
import { verifyTraceFiles } from "./verify-trace-files.js";

/** As much of an agent as the example needs: this package knows none. */
const createRetrievalAgent = ({
  retriever: me,
  traces,
}: {
  retriever: ReturnType<typeof scope>;
  traces: TraceStore;
}) => ({
  ask: async (question: string): Promise<{ id: string; trace: Trace }> => {
    const entries = [
      { seq: 0, at: 1, kind: "run", data: { question } },
      { seq: 1, at: 2, kind: "hits", data: { hits: [{ source: "myths/theseus.md", title: "Theseus" }] } },
    ];
    const trace = sealTrace({ run: "a1", entries, runtime: { now: () => 3 } });
    await traces.write(me, trace);
    return { id: "a1", trace };
  },
  feedback: (answer: string, said: Parameters<TraceStore["feedback"]>[2]) => traces.feedback(me, answer, said),
});

it("runs the example of the README", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-readme-"));
  const me = scope("acme", { principals: ["amy"] });
  const retriever = me;
  try {
    const traces = fileTraces(folder);
    const agent = createRetrievalAgent({ retriever, traces });
    const answer = await agent.ask("Who built the labyrinth?");
    await agent.feedback(answer.id, { verdict: "wrong", correction: "Ask Ovid.", consent: "evaluation" });

    const [found] = await verifyTraceFiles(folder); // or one file, and the root that was kept elsewhere
    const trace = await traces.read(me, answer.id); // lines, and texts by key
    const entries = openTrace(trace!); // what the run recorded, as it was
    const [place] = await traces.erase(me, { source: "myths/theseus.md", passages: [] });

    expect(found).toMatchObject({ check: { code: "intact", root: answer.trace.lines.at(-1)!.hash }, feedback: 1 });
    expect(entries).toMatchObject([{ kind: "run" }, { kind: "hits" }]);
    expect(place!.removed).toEqual({ traces: 1, texts: 2, corrections: 1 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("shows in the README the very lines that run here", async () => {
  const lines = async (file: string): Promise<string[]> =>
    (await readFile(new URL(file, import.meta.url), "utf8")).split("\n").map((line) => line.trim());
  const example = /```ts\n([\s\S]*?)\n```/
    .exec((await lines("../README.md")).join("\n"))![1]!
    .split("\n")
    .filter((line) => line !== "");
  const here = new Set(await lines("readme.test.ts"));
  expect(example.filter((line) => !here.has(line))).toEqual([]);
});
