import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answer, scope } from "@clew/core";
import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { testErasableSaver, threadsOf } from "../test/erase-suite.js";
import { myths } from "../test/myths.js";
import { erasableCheckpoints } from "./erasable-checkpoints.js";

const acme = scope("acme");

describe("MemorySaver", () => {
  testErasableSaver({
    open: async () => {
      const saver = new MemorySaver();
      const text = (_: string, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
      return { saver, bytes: async () => JSON.stringify([saver.storage, saver.writes], text) };
    },
  });
});

describe("SqliteSaver", () => {
  testErasableSaver({
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), "clew-erase-"));
      const saver = SqliteSaver.fromConnString(join(folder, "threads.db"));
      onTestFinished(async () => {
        saver.db.close();
        await rm(folder, { recursive: true, force: true });
      });
      const bytes = async (): Promise<string> => {
        // another process reads: opening the files here would end SQLite's locks
        const copy = join(folder, "copy");
        execFileSync("sh", ["-c", 'mkdir "$2" && cp "$1"/threads* "$2"', "sh", folder, copy]);
        const names = await readdir(copy);
        const texts = await Promise.all(names.map((name) => readFile(join(copy, name), "latin1")));
        await rm(copy, { recursive: true });
        return texts.join("\n");
      };
      return { saver, bytes };
    },
  });
});

it("says so where SQLite cannot be vacuumed since another connection reads, and finishes the next time", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-erase-"));
  const saver = SqliteSaver.fromConnString(join(folder, "threads.db"));
  const other = SqliteSaver.fromConnString(join(folder, "threads.db"));
  onTestFinished(async () => {
    saver.db.close();
    other.db.close();
    await rm(folder, { recursive: true, force: true });
  });
  const agent = createRetrievalAgent({ retriever: myths({ scope: acme }), checkpointer: saver });
  const source = (await agent.ask("Who was Daedalus?", { thread: "t" })).citations[0]!.source;
  other.db.exec("BEGIN");
  other.db.prepare("SELECT count(*) FROM checkpoints").get();
  const [held] = await erasableCheckpoints(saver).erase(acme, { source, passages: [] });
  expect(held).toMatchObject({ removed: { threads: 1 }, notes: [{ code: "not-erased" }] });
  expect(held!.notes[0]!.message).toContain("Close other connections");
  other.db.exec("COMMIT");
  expect(await erasableCheckpoints(saver).erase(acme, { source, passages: [] })).toMatchObject([
    { removed: { threads: 0 }, notes: [] },
  ]);
}, 60_000);

it("says of a checkpointer that is not known here that its operator has to look", async () => {
  const inner = new MemorySaver();
  const foreign = Object.assign(Object.create(null), {
    list: inner.list.bind(inner),
    deleteThread: inner.deleteThread.bind(inner),
  }) as MemorySaver;
  const [place] = await erasableCheckpoints(foreign).erase(acme, { source: "a.md", passages: [] });
  expect(place!.notes).toMatchObject([{ code: "not-erased" }]);
});

describe("somebody else's graph", () => {
  const Outer = Annotation.Root({ question: Annotation<string>(), answer: Annotation<Answer | null>() });

  it("is found by the agent's state where the agent is a subgraph", async () => {
    const saver = new MemorySaver();
    const graph = new StateGraph(Outer)
      .addNode("look", createRetrievalAgent({ retriever: myths({ scope: acme }) }).graph)
      .addEdge(START, "look")
      .addEdge("look", END)
      .compile({ checkpointer: saver });
    const { answer } = await graph.invoke({ question: "Who was Daedalus?" }, { configurable: { thread_id: "theirs" } });
    const source = answer!.citations[0]!.source;
    const [place] = await erasableCheckpoints(saver).erase(acme, { source, passages: [] });
    expect([place!.removed.threads, await threadsOf(saver)]).toEqual([1, []]);
  });

  it("with the agent as a tool: only whoever knows the threads can say whose they are", async () => {
    const saver = new MemorySaver();
    const found = await createRetrievalAgent({ retriever: myths({ scope: acme }) }).ask("Who was Daedalus?");
    const graph = new StateGraph(Outer)
      .addNode("look", () => ({ answer: found }))
      .addEdge(START, "look")
      .addEdge("look", END)
      .compile({ checkpointer: saver });
    const { answer } = await graph.invoke({ question: "Who was Daedalus?" }, { configurable: { thread_id: "acme-1" } });
    await graph.invoke({ question: "Who was Daedalus?" }, { configurable: { thread_id: "rival-1" } });
    const request = { source: answer!.citations[0]!.source, passages: [] };
    const [unknown] = await erasableCheckpoints(saver).erase(acme, request);
    expect(unknown).toMatchObject({ removed: { threads: 0 }, notes: [{ code: "not-erased", detail: { threads: 2 } }] });
    const tenantOf = (thread: string) => thread.split("-")[0];
    const [told] = await erasableCheckpoints(saver, { tenantOf }).erase(acme, request);
    expect(told).toMatchObject({ removed: { threads: 1 }, notes: [] });
    expect(await threadsOf(saver)).toEqual(["rival-1"]);
  });
});
