import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Answer, scope } from "@clew/core";
import { Annotation, type BaseCheckpointSaver, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { myths } from "../test/myths.js";
import { erasableCheckpoints } from "./erasable-checkpoints.js";

const acme = scope("acme");
const server = process.env.CLEW_POSTGRES;
let schemas = 0;

/** Opens an empty saver of each kind; `bytes` is what its files hold. */
const savers: Record<string, () => Promise<{ saver: BaseCheckpointSaver; bytes: () => Promise<string> }>> = {
  MemorySaver: async () => {
    const saver = new MemorySaver();
    return {
      saver,
      bytes: async () =>
        JSON.stringify([saver.storage, saver.writes], (_, value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
        ),
    };
  },
  SqliteSaver: async () => {
    const folder = await mkdtemp(join(tmpdir(), "clew-erase-"));
    const saver = SqliteSaver.fromConnString(join(folder, "threads.db"));
    onTestFinished(async () => {
      saver.db.close();
      await rm(folder, { recursive: true, force: true });
    });
    const bytes = async () => {
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
  ...(server === undefined
    ? {}
    : {
        PostgresSaver: async () => {
          const saver = PostgresSaver.fromConnString(server, { schema: `erase_${++schemas}` });
          await saver.setup();
          onTestFinished(() => saver.end());
          return { saver, bytes: async () => "" };
        },
      }),
};

const threadsOf = async (saver: BaseCheckpointSaver): Promise<string[]> => {
  const threads = new Set<string>();
  for await (const { config } of saver.list({ configurable: {} })) threads.add(String(config.configurable?.thread_id));
  return [...threads].sort();
};

describe.each(Object.entries(savers))("%s", (name, open) => {
  it("deletes the threads that saw the source, with their later turns, and no byte stays in the files", async () => {
    const { saver, bytes } = await open();
    const agent = createRetrievalAgent({ retriever: myths({ scope: acme }), checkpointer: saver });
    const first = await agent.ask("Who was Daedalus?", { thread: "t" });
    const source = first.citations[0]!.source;
    await agent.ask("And what does that mean?", { thread: "t" });
    const others = await threadsOf(saver);
    await agent.ask("When was Leiden University founded?", { thread: "unrelated" });
    const unrelated = (await threadsOf(saver)).filter((thread) => !others.includes(thread));
    if (name !== "PostgresSaver") expect(await bytes()).toContain("Daedalus");

    const [place] = await erasableCheckpoints(saver).erase(acme, { source, passages: [] });
    expect(place).toMatchObject({ place: "checkpoints", removed: { threads: 1 } });
    expect(place!.removed.checkpoints).toBeGreaterThan(5);
    expect(place!.notes.map(({ code }) => code)).toEqual(name === "PostgresSaver" ? ["not-erased"] : []);
    expect(await threadsOf(saver)).toEqual(unrelated);
    expect(await bytes()).not.toContain("Daedalus");
    const again = await erasableCheckpoints(saver).erase(acme, { source, passages: [] });
    expect(again[0]!.removed).toEqual({ threads: 0, checkpoints: 0 });
    // the thread begins anew
    expect((await agent.ask("Who was Icarus?", { thread: "t" })).status).toBeDefined();
  });

  it("leaves another tenant's threads, whatever their sources are called", async () => {
    const { saver } = await open();
    const agentOf = (tenant: string) =>
      createRetrievalAgent({ retriever: myths({ scope: scope(tenant) }), checkpointer: saver });
    const { citations } = await agentOf("rival").ask("Who was Daedalus?", { thread: "t" });
    const before = await threadsOf(saver);
    await agentOf("acme").ask("Who was Daedalus?", { thread: "t" });
    await erasableCheckpoints(saver).erase(acme, { source: citations[0]!.source, passages: [] });
    expect(await threadsOf(saver)).toEqual(before);
  });
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
