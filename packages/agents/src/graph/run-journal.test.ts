import { callId, type JsonObject } from "@clew/core";
import { fixedRuntime } from "@clew/core/testing";
import { type BaseCheckpointSaver, MemorySaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptOutputs } from "./kept-outputs.js";
import { runJournal } from "./run-journal.js";

const runtime = fixedRuntime();
const site = { node: "plan", branch: "", ordinal: 0 };
const configOf = (saver: BaseCheckpointSaver, thread = "t") => ({
  configurable: { thread_id: thread, __pregel_checkpointer: saver },
});
const journalOver = (saver: BaseCheckpointSaver, run = "r") =>
  runJournal({ run, runtime, outputs: keptOutputs(run, configOf(saver)) });
const never = (): Promise<never> => Promise.reject(new Error("made again"));

describe.each<[string, () => BaseCheckpointSaver]>([
  ["memory", () => new MemorySaver()],
  ["SQLite", () => SqliteSaver.fromConnString(":memory:")],
])("the journal of a run over %s", (_, open) => {
  it("finds the output of an earlier process, and records it as if it had been made now", async () => {
    const saver = open();
    const first = journalOver(saver);
    expect(await first.once(site, "model", async () => ({ text: "yes" }))).toEqual({ text: "yes" });
    const second = journalOver(saver);
    expect(await second.once(site, "model", never)).toEqual({ text: "yes" });
    expect(second.entries()).toEqual(first.entries());
    expect(second.entries()).toEqual([
      { seq: 0, at: runtime.now(), kind: "model", call: callId("r", site), data: { text: "yes" } },
    ]);
  });

  it("keeps runs, calls and kinds apart", async () => {
    const saver = open();
    await journalOver(saver).once(site, "model", async () => 1);
    for (const [run, where, kind] of [
      ["other", site, "model"],
      ["r", { ...site, ordinal: 1 }, "model"],
      ["r", site, "live"],
    ] as const) {
      await expect(journalOver(saver, run).once(where, kind, never)).rejects.toThrow("made again");
    }
  });

  it("keeps no failure", async () => {
    const saver = open();
    const journal = journalOver(saver);
    await expect(journal.once(site, "model", never)).rejects.toThrow("made again");
    // for replays alone
    expect(journal.entries()).toMatchObject([{ kind: "model-failed", data: { message: "made again" } }]);
    expect(await journalOver(saver).once(site, "model", async () => 2)).toBe(2);
  });

  it("gives back any JSON as it was, LangChain's own forms and odd texts among it", async () => {
    const revived: JsonObject = {
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", "AIMessage"],
      kwargs: {},
    };
    for (const data of [revived, { lc: 2, type: "undefined" }, "\u0000 \ud800 😀", [], 0, "", false]) {
      const saver = open();
      await journalOver(saver).once(site, "model", async () => data);
      expect(await journalOver(saver).once(site, "model", never)).toEqual(data);
    }
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (data) => {
        const saver = open();
        const plain = JSON.parse(JSON.stringify({ data })) as JsonObject;
        await journalOver(saver).once(site, "model", async () => plain);
        expect(await journalOver(saver).once(site, "model", never)).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps a long output beside the record, with what was recorded while it was made", async () => {
    const saver = open();
    const keep = async (work: () => Promise<object>, inner: () => Promise<string>) => {
      const journal = journalOver(saver);
      const branch = journal.branch();
      const kept = await branch.keep(site, "search", async () => {
        await branch.once({ ...site, node: "expand" }, "model", inner);
        return work();
      });
      journal.join(branch);
      return { ...kept, entries: journal.entries() };
    };
    const first = await keep(
      async () => ({ hits: ["long"] }),
      async () => "wider",
    );
    const second = await keep(never, never);
    expect(first).toMatchObject({ output: { hits: ["long"] }, again: false });
    expect(second).toEqual({ ...first, again: true });
    expect(second.entries.map(({ kind, data }) => [kind, data])).toEqual([["model", "wider"]]);
  });

  it("is not seen by those who list the graph's own checkpoints", async () => {
    const saver = open();
    await journalOver(saver).once(site, "model", async () => 1);
    const own = { configurable: { thread_id: "t", checkpoint_ns: "" } };
    expect(await saver.getTuple(own)).toBeUndefined();
    for await (const _ of saver.list(own)) expect.unreachable();
  });
});

it("a call stands in the record where it began, whatever ends first", async () => {
  const journal = runJournal({ run: "r", runtime });
  let end = (_: string): void => undefined;
  const slow = journal.once(
    site,
    "model",
    () =>
      new Promise<string>((resolve) => {
        end = resolve;
      }),
  );
  await journal.record("verdict", 1);
  expect(journal.entries().map(({ seq, kind }) => [seq, kind])).toEqual([[0, "verdict"]]);
  await new Promise(setImmediate);
  end("done");
  await slow;
  expect(journal.entries().map(({ seq, kind }) => [seq, kind])).toEqual([
    [0, "model"],
    [1, "verdict"],
  ]);
});

it("two callers of one call make it once and record it once", async () => {
  let made = 0;
  const journal = runJournal({ run: "r", runtime, outputs: keptOutputs("r", configOf(new MemorySaver())) });
  const work = async () => ++made;
  expect(await Promise.all([journal.once(site, "model", work), journal.once(site, "model", work)])).toEqual([1, 1]);
  expect(journal.entries()).toHaveLength(1);
});

it("nothing is kept where there is no checkpointer or no thread", () => {
  expect(keptOutputs("r", {})).toBeUndefined();
  expect(keptOutputs("r", { configurable: { thread_id: "t", __pregel_checkpointer: false } })).toBeUndefined();
  expect(keptOutputs("r", { configurable: { __pregel_checkpointer: new MemorySaver() } })).toBeUndefined();
});
