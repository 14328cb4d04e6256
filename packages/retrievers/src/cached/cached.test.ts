import { defineRetriever, note, noUsage, type Retriever, type SearchResult, scope } from "@clew/core";
import { aCall, aHit, faultyRetriever, hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { lexical } from "../lexical.js";
import { cached } from "./cached.js";

const acme = scope("acme", { principals: ["amy"] });
const spent = { inputTokens: 5, outputTokens: 0, calls: 1, usd: 0.01 };
const gone = new Error("the caller has gone");

async function open(principals = ["amy"]) {
  const index = referenceIndex({ embedder: hashEmbedder() });
  await index.sync(acme, sourceInputs(["A thread.", "Another thread.", { text: "Amy's thread.", access: ["amy"] }]));
  const view = index.in(scope("acme", { principals }));
  const log: string[] = [];
  const outcomes: string[] = [];
  const onLookup = (outcome: string): void => void outcomes.push(outcome);
  /** Searches for real, counts, and charges. */
  const watched = defineRetriever(
    "watched",
    async (query, asked) => {
      log.push(query);
      asked.call?.meter.charge(spent);
      return { ...(await lexical(view).search(query, asked)), usage: spent };
    },
    { scope: view.scope },
  );
  return { index, view, log, outcomes, onLookup, watched };
}

describe("cached", () => {
  it("serves the same result again, and charges nobody for it", async () => {
    const { view, log, outcomes, onLookup, watched } = await open();
    const retriever = cached(watched, { view, onLookup });
    const [first, second] = [aCall(), aCall()];
    const before = await retriever.search("thread", { k: 2, call: first });
    const after = await retriever.search("thread", { k: 2, call: second });
    expect(after).toEqual({ ...before, usage: noUsage });
    expect([first.meter.usage, second.meter.usage]).toEqual([spent, noUsage]);
    expect([log, outcomes]).toEqual([["thread"], ["miss", "hit"]]);
  });

  it("tells query, k and filter apart", async () => {
    const { view, log, watched } = await open();
    const retriever = cached(watched, { view });
    await retriever.search("thread", { k: 2 });
    await retriever.search("thread", { k: 3 });
    await retriever.search("Thread", { k: 2 });
    await retriever.search("thread", { k: 2, filter: { source: "s1" } });
    const found = await retriever.search("thread", { k: 2, filter: { source: "s2" } });
    expect(found.hits.map(({ passage }) => passage.source)).toEqual(["s2"]);
    expect(log).toHaveLength(5);
  });

  it("forgets all when the index is written to", async () => {
    const { index, view, log, watched } = await open();
    const retriever = cached(watched, { view });
    await retriever.search("thread");
    await index.sync(acme, sourceInputs(["A thread.", "No more."]));
    expect((await retriever.search("thread")).hits.map(({ passage }) => passage.source)).not.toContain("s2");
    await index.remove(acme, ["s1"]);
    expect((await retriever.search("thread")).hits.map(({ passage }) => passage.source)).toEqual(["s3"]);
    expect(log).toHaveLength(3);
  });

  it("forgets the results in which a source was found", async () => {
    const { view, outcomes, onLookup, watched } = await open();
    const retriever = cached(watched, { view, onLookup });
    await retriever.search("thread", { filter: { source: "s1" } });
    await retriever.search("thread", { filter: { source: "s2" } });
    const erase = (source: string, of = acme) => retriever.erase(of, { source, passages: [] });
    expect(await erase("s1", scope("rival"))).toMatchObject([{ removed: { results: 0 } }]);
    expect(await erase("s1")).toEqual([{ place: "search-cache", removed: { results: 1 }, notes: [] }]);
    await retriever.search("thread", { filter: { source: "s1" } });
    await retriever.search("thread", { filter: { source: "s2" } });
    expect(outcomes).toEqual(["miss", "miss", "miss", "hit"]);
  });

  it("never serves another scope", async () => {
    const { view, watched } = await open();
    await cached(watched, { view }).search("thread");
    const { view: bobs, watched: his } = await open(["bob"]);
    const found = await cached(his, { view: bobs }).search("thread");
    expect(found.hits.map(({ passage }) => passage.source)).not.toContain("s3");
    expect(() => cached(watched, { view: bobs })).toThrow(/same scope/);
    expect(() => cached(faultyRetriever(), { view })).toThrow(/no scope/);
  });

  it("keeps no more than its entries, the latest asked for", async () => {
    const { view, log, watched } = await open();
    const retriever = cached(watched, { view, entries: 2 });
    for (const query of ["a", "b", "a", "c", "a", "b"]) await retriever.search(query);
    expect(log).toEqual(["a", "b", "c", "b"]);
  });

  it("does not keep what may go better next time", async () => {
    const { view, outcomes, onLookup, watched } = await open();
    let notes = [note("deadline-passed", "late")];
    const degraded = defineRetriever(
      "degraded",
      async (query, asked) => ({ ...(await watched.search(query, asked)), notes }),
      { scope: view.scope },
    );
    const retriever = cached(degraded, { view, onLookup });
    await retriever.search("thread");
    notes = [note("leg-missing", "never there")];
    for (let n = 0; n < 2; n++) expect((await retriever.search("thread")).notes).toEqual(notes);
    expect(outcomes).toEqual(["miss", "miss", "hit"]);
  });

  it("is not harmed by a caller who changes the list of hits", async () => {
    const { view, watched } = await open();
    const retriever = cached(watched, { view });
    for (let n = 0; n < 3; n++) {
      const { hits } = await retriever.search("thread");
      expect(hits).toHaveLength(3);
      (hits as unknown[]).length = 0;
    }
  });

  describe("equal searches at the same time", () => {
    /** Waits until it is let go; remembers the signal. */
    async function gated() {
      const { view } = await open();
      const runs: { signal: AbortSignal | undefined; finish: (outcome: SearchResult | Error) => void }[] = [];
      const inner: Retriever = defineRetriever(
        "gated",
        (_query, { signal }) =>
          new Promise<SearchResult>((resolve, reject) => {
            signal?.addEventListener("abort", () => reject(signal.reason));
            runs.push({ signal, finish: (out) => (out instanceof Error ? reject(out) : resolve(out)) });
          }),
        { scope: view.scope },
      );
      const generation = await view.read(async (snapshot) => snapshot.generation);
      const good: SearchResult = { hits: [aHit()], notes: [], usage: spent, generation };
      const outcomes: string[] = [];
      const retriever = cached(inner, { view, onLookup: (outcome) => outcomes.push(outcome) });
      const started = async (count: number): Promise<void> => {
        while (runs.length < count) await new Promise((resolve) => setTimeout(resolve));
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve));
      };
      return { retriever, runs, good, outcomes, started };
    }

    it("share one run, paid by the first", async () => {
      const { retriever, runs, good, outcomes, started } = await gated();
      const both = [retriever.search("q"), retriever.search("q")];
      await started(1);
      runs[0]!.finish(good);
      expect((await Promise.all(both)).map(({ usage }) => usage)).toEqual([spent, noUsage]);
      expect([runs.length, outcomes.toSorted()]).toEqual([1, ["joined", "miss"]]);
    });

    it("one caller's leaving ends nothing for the other, whoever came first", async () => {
      for (const leaver of [0, 1]) {
        const { retriever, runs, good, started } = await gated();
        const controller = new AbortController();
        const both = [0, 1].map((n) =>
          retriever.search(
            "q",
            n === leaver ? { signal: controller.signal } : { signal: new AbortController().signal },
          ),
        );
        await started(1);
        controller.abort(gone);
        await expect(both[leaver]).rejects.toBe(gone);
        expect(runs[0]!.signal!.aborted).toBe(false);
        runs[0]!.finish(good);
        expect((await both[1 - leaver]!).hits).toHaveLength(1);
        expect(runs).toHaveLength(1);
      }
    });

    it("the last to leave ends the run, and the next search begins anew", async () => {
      const { retriever, runs, good, started } = await gated();
      const controllers = [new AbortController(), new AbortController()];
      const both = controllers.map(({ signal }) => retriever.search("q", { signal }));
      for (const one of both) one.catch(() => undefined);
      await started(1);
      controllers[0]!.abort(gone);
      expect(runs[0]!.signal!.aborted).toBe(false);
      controllers[1]!.abort(gone);
      expect(runs[0]!.signal!.reason).toBe(gone);
      await expect(Promise.all(both)).rejects.toBe(gone);
      const next = retriever.search("q");
      await started(2);
      runs[1]!.finish(good);
      expect((await next).hits).toHaveLength(1);
    });

    it("do not share a failure or a degraded result", async () => {
      for (const bad of [new Error("no"), "degraded"] as const) {
        const { retriever, runs, good, started } = await gated();
        const both = [retriever.search("q"), retriever.search("q")];
        both[0]!.catch(() => undefined);
        await started(1);
        runs[0]!.finish(bad === "degraded" ? { ...good, notes: [note("budget-reached", "no room")] } : bad);
        await started(2);
        runs[1]!.finish(good);
        expect((await both[1]!).notes).toEqual([]);
        if (bad instanceof Error) await expect(both[0]).rejects.toBe(bad);
      }
    });
  });
});
