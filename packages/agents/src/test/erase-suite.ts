import { scope } from "@clew/core";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { erasableCheckpoints } from "../erase/erasable-checkpoints.js";
import { myths } from "./myths.js";

const acme = scope("acme");

/** A checkpointer that has to forget. */
export interface EraseSuite {
  /** Opens an empty one. `bytes` is all that it keeps; absent where files are another's. */
  readonly open: () => Promise<{ readonly saver: BaseCheckpointSaver; readonly bytes?: () => Promise<string> }>;
  /** Codes of the notes that say what stays. @default none */
  readonly notes?: readonly string[] | undefined;
}

/** Threads that a saver holds. */
export const threadsOf = async (saver: BaseCheckpointSaver): Promise<string[]> => {
  const threads = new Set<string>();
  for await (const { config } of saver.list({ configurable: {} })) threads.add(String(config.configurable?.thread_id));
  return [...threads].sort();
};

/** Puts the erasing of threads to the proof over one kind of checkpointer. */
export function testErasableSaver({ open, notes = [] }: EraseSuite): void {
  it("deletes the threads that saw the source, with their later turns, and no byte stays in the files", async () => {
    const { saver, bytes } = await open();
    const agent = createRetrievalAgent({ retriever: myths({ scope: acme }), checkpointer: saver });
    const first = await agent.ask("Who was Daedalus?", { thread: "t" });
    const source = first.citations[0]!.source;
    await agent.ask("And what does that mean?", { thread: "t" });
    const others = await threadsOf(saver);
    await agent.ask("When was Leiden University founded?", { thread: "unrelated" });
    const unrelated = (await threadsOf(saver)).filter((thread) => !others.includes(thread));
    if (bytes !== undefined) expect(await bytes()).toContain("Daedalus");

    const [place] = await erasableCheckpoints(saver).erase(acme, { source, passages: [] });
    expect(place).toMatchObject({ place: "checkpoints", removed: { threads: 1 } });
    expect(place!.removed.checkpoints).toBeGreaterThan(5);
    expect(place!.notes.map(({ code }) => code)).toEqual(notes);
    expect(await threadsOf(saver)).toEqual(unrelated);
    if (bytes !== undefined) expect(await bytes()).not.toContain("Daedalus");
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
}
