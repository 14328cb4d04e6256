import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { describe, expect, expectTypeOf, it } from "vitest";
import { noUsage } from "../run/usage.js";
import { scope } from "../scope/scope.js";
import { aHit } from "../testing/a-hit.js";
import { defineRetriever, type SearchFunction } from "./define-retriever.js";
import { compareHits } from "./hit.js";
import { isRetriever, type RetrieveConfig, type Retriever } from "./retriever.js";
import type { CheckedSearchOptions } from "./search-options.js";

const twins = [aHit({ id: "a", text: "same", score: 2 }), aHit({ id: "b", text: "same", score: 1 })];
const gone = new Error("the caller has gone");
const result = (hits = twins) => ({ hits, notes: [], usage: noUsage, generation: 7 });

function watched(search: SearchFunction = async (_, { k }) => result(twins.slice(0, k))): {
  retriever: Retriever;
  seen: CheckedSearchOptions[];
} {
  const seen: CheckedSearchOptions[] = [];
  const retriever = defineRetriever(
    "watched",
    (query, options) => {
      seen.push(options);
      return search(query, options);
    },
    { scope: scope("acme"), k: 5 },
  );
  return { retriever, seen };
}

/** Collects the runs of retrievers with their parents. */
function tracer() {
  const runs = new Map<
    string,
    { name: string | undefined; parent: string | undefined; ended?: number; error?: unknown }
  >();
  const handler = BaseCallbackHandler.fromMethods({
    handleRetrieverStart: (_, __, id, parent, ___, ____, name) => void runs.set(id, { name, parent }),
    handleRetrieverEnd: (documents, id) => void Object.assign(runs.get(id)!, { ended: documents.length }),
    handleRetrieverError: (error, id) => void Object.assign(runs.get(id)!, { error }),
  });
  return { runs, handler };
}

describe("defineRetriever", () => {
  it("makes a retriever of one function", async () => {
    const { retriever, seen } = watched();
    expect(isRetriever(retriever)).toBe(true);
    expect([retriever.kind, retriever.scope]).toEqual(["watched", scope("acme")]);
    const found = await retriever.search("?");
    expect(found).toEqual(result());
    expect(seen[0]!.k).toBe(5);
    expectTypeOf(seen[0]!.k).toEqualTypeOf<number>();
  });

  it("keeps documents of equal text two", async () => {
    const documents = await watched().retriever.invoke("?");
    expect(documents.map(({ id, pageContent }) => [id, pageContent])).toEqual([
      ["a", "same"],
      ["b", "same"],
    ]);
  });

  it("hands k, filter and deadlineMs on, through search, invoke, withConfig and batch", async () => {
    const { retriever, seen } = watched();
    const options: RetrieveConfig = { k: 1, filter: { year: 2023 }, deadlineMs: 0 };
    await retriever.search("?", options);
    await retriever.invoke("?", options);
    await retriever.withConfig(options).invoke("?");
    const [batched] = await retriever.batch(["?"], options);
    expect(batched).toHaveLength(1);
    expect(seen.map(({ k, filter, deadlineMs }) => ({ k, filter, deadlineMs }))).toEqual(Array(4).fill(options));
  });

  it("refuses ranges that make no sense, and filters that no store understands", async () => {
    const { retriever, seen } = watched();
    await expect(retriever.search("?", { k: 0 })).rejects.toMatchObject({ code: "invalid-option" });
    await expect(retriever.search("?", { deadlineMs: -1 })).rejects.toMatchObject({ code: "invalid-option" });
    await expect(retriever.search("?", { filter: { $nor: [] } })).rejects.toMatchObject({ code: "invalid-filter" });
    expect(() => defineRetriever("x", async () => result(), { scope: undefined, k: 0 })).toThrow(/"k"/);
    expect(seen).toEqual([]);
  });

  it.each([
    [[twins[0]!, twins[0]!], /twice/],
    [[aHit({ score: Number.NaN })], /NaN/],
    [["a", "b", "c", "d", "e", "f"].map((id) => aHit({ id })), /6 hits where at most 5/],
  ])("stops results that make no sense (%#)", async (hits, message) => {
    const { retriever } = watched(async () => result(hits));
    await expect(retriever.search("?")).rejects.toThrow(message);
    await expect(retriever.search("?")).rejects.toMatchObject({ code: "retriever-failed" });
  });

  it("returns at once when aborted, though the function never looks", async () => {
    for (const ask of [
      (retriever: Retriever, signal: AbortSignal) => retriever.search("?", { signal }),
      (retriever: Retriever, signal: AbortSignal) => retriever.invoke("?", { signal }),
      (retriever: Retriever, signal: AbortSignal) => retriever.search("?", { config: { signal } }),
    ]) {
      const { retriever, seen } = watched(() => new Promise(() => {}));
      const controller = new AbortController();
      const asking = ask(retriever, controller.signal);
      setTimeout(() => controller.abort(gone), 5);
      await expect(asking).rejects.toBe(gone);
      expect(seen[0]!.signal?.aborted).toBe(true);
      await expect(ask(retriever, AbortSignal.abort(gone))).rejects.toBe(gone);
      expect(seen).toHaveLength(1);
    }
  });

  it("turns LangChain's timeout into a signal", async () => {
    const { retriever } = watched(() => new Promise(() => {}));
    await expect(retriever.invoke("?", { timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("is traced, with nested searches as children and the run's own name at the top", async () => {
    const inner = watched().retriever;
    const outer = defineRetriever(
      "outer",
      (query, { k, signal, config }) => inner.search(query, { k, signal, config }),
      {
        scope: undefined,
      },
    );
    for (const ask of [
      (handler: BaseCallbackHandler) => outer.invoke("?", { callbacks: [handler], runName: "mine" }),
      (handler: BaseCallbackHandler) => outer.search("?", { config: { callbacks: [handler], runName: "mine" } }),
    ]) {
      const { runs, handler } = tracer();
      await ask(handler);
      await awaitAllCallbacks();
      const [[top, parent], [, child]] = [...runs] as [[string, object], [string, object]];
      expect(parent).toEqual({ name: "mine", parent: undefined, ended: 2 });
      expect(child).toEqual({ name: "watched", parent: top, ended: 2 });
    }
  });

  it("traces a failure as one, and throws it as it is", async () => {
    const { runs, handler } = tracer();
    const failing = watched(() => Promise.reject(gone)).retriever;
    await expect(failing.invoke("?", { callbacks: [handler] })).rejects.toBe(gone);
    await awaitAllCallbacks();
    expect([...runs.values()]).toMatchObject([{ name: "watched", error: gone }]);
  });

  it("takes part in a chain", async () => {
    const chain = watched().retriever.pipe((documents: { pageContent: string }[]) => documents.length);
    expect(await chain.invoke("?")).toBe(2);
  });
});

describe("compareHits", () => {
  it("orders by score, then by id in code units", () => {
    const hits = [aHit({ id: "b" }), aHit({ id: "Z" }), aHit({ id: "ä" }), aHit({ id: "a", score: 2 })];
    expect(hits.sort(compareHits).map(({ passage }) => passage.id)).toEqual(["a", "Z", "b", "ä"]);
  });
});
