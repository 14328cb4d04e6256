import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { filterRecord, matchesFilter } from "../filter/matches-filter.js";
import type { Index } from "../index/index-port.js";
import type { IndexView } from "../index/index-view.js";
import type { Snapshot } from "../index/snapshot.js";
import { scope } from "../scope/scope.js";
import { fromDocument } from "../search/documents.js";
import { compareHits } from "../search/hit.js";
import { isRetriever, type RetrieveConfig, type Retriever } from "../search/retriever.js";
import type { SourceTextFields } from "./a-source.js";
import { fixedRuntime } from "./fixed-runtime.js";
import { type HashEmbedder, hashEmbedder } from "./hash-embedder.js";
import { referenceIndex } from "./reference/reference-index.js";
import { sourceInputs } from "./source-input.js";

/** Options of {@link testRetriever}. */
export interface TestRetrieverOptions {
  /** Makes the retriever over a view of the suite's own index, which has a lexical, a dense and a link leg. */
  make: (view: IndexView) => Retriever | Promise<Retriever>;
}

const amy = scope("acme", { principals: ["amy"] });
const question = "When was Leiden University founded?";
const gone = new Error("the caller has gone");
const corpus: readonly SourceTextFields[] = [
  { title: "Leiden University", text: "Leiden University was founded in 1575.", metadata: { year: 2023 } },
  { title: "Leiden", text: "Leiden is a city in Holland.", metadata: { year: 2022 } },
  { title: "Boerhaave", text: "He taught at Leiden University.\n\nHe was founded on facts.", metadata: { year: 2023 } },
  { text: "The university was founded late.", metadata: { year: 2021 } },
  { text: "The university was founded late.", metadata: { year: 2022 } },
  { title: "Secret", text: "Leiden University was founded by the Minotaur.", access: ["bob"] },
  { title: "Hers", text: "Amy wrote of Leiden University when it was founded.", access: ["amy"] },
  { text: "Bread rises in the oven.", metadata: { year: 2023 } },
];

/** The contract of a {@link Retriever} over an index view, as tests. */
export function testRetriever({ make }: TestRetrieverOptions): void {
  const open = async (): Promise<{ index: Index; embedder: HashEmbedder; retriever: Retriever }> => {
    const embedder = hashEmbedder();
    const index = referenceIndex({ embedder, runtime: fixedRuntime() });
    onTestFinished(() => index.close());
    await index.sync(amy, sourceInputs(corpus));
    return { index, embedder, retriever: await make(index.in(amy)) };
  };

  describe("retriever contract", () => {
    it("is a retriever of the view's scope", async () => {
      const { retriever } = await open();
      expect(isRetriever(retriever)).toBe(true);
      expect(retriever.kind).not.toBe("");
      expect(retriever.scope).toEqual(amy);
    });

    it("returns at most k distinct hits with finite scores, in order", async () => {
      const { retriever, index } = await open();
      const generation = await index.in(amy).read(async (snapshot) => snapshot.generation);
      for (const k of [1, 3, 100]) {
        const found = await retriever.search(question, { k });
        expect(found.hits.length).toBeGreaterThan(0);
        expect(found.hits.length).toBeLessThanOrEqual(k);
        expect(new Set(found.hits.map(({ passage }) => passage.id)).size).toBe(found.hits.length);
        for (const { score } of found.hits) expect(Number.isFinite(score)).toBe(true);
        if (found.hits.every(({ explain }) => explain.kind !== "reranked")) {
          expect(found.hits).toEqual([...found.hits].sort(compareHits));
        }
        expect(found.generation).toBe(generation);
        for (const spent of Object.values(found.usage)) expect(spent).toBeGreaterThanOrEqual(0);
      }
    });

    it("says the same twice", async () => {
      const { retriever } = await open();
      expect(await retriever.search(question, { k: 5 })).toEqual(await retriever.search(question, { k: 5 }));
    });

    it("returns only what matches the filter", async () => {
      const { retriever } = await open();
      for (const filter of [{ year: 2023 }, { year: { $lt: 2023 } }, { $not: { year: { $exists: true } } }]) {
        const { hits } = await retriever.search(question, { k: 10, filter });
        expect(hits.length).toBeGreaterThan(0);
        for (const { passage } of hits) expect(matchesFilter(filter, filterRecord(passage))).toBe(true);
      }
      expect((await retriever.search(question, { filter: { year: 1900 } })).hits).toEqual([]);
    });

    it("shows nothing that its scope may not see", async () => {
      const { retriever } = await open();
      const found = await retriever.search(`${question} Secret Minotaur`, { k: 100 });
      expect(JSON.stringify(found)).not.toMatch(/Minotaur|"Secret"/);
      expect(found.hits.some(({ passage }) => passage.title === "Hers")).toBe(true);
    });

    it("keeps passages of equal text apart", async () => {
      const { retriever } = await open();
      const { hits } = await retriever.search("The university was founded late.", { k: 4 });
      const twins = hits.filter(({ passage }) => passage.text === "The university was founded late.");
      expect(twins.map(({ passage }) => passage.source).sort()).toEqual(["s4", "s5"]);
      const documents = await retriever.invoke("The university was founded late.", { k: 4 });
      expect(documents.map(({ id }) => id)).toEqual(hits.map(({ passage }) => passage.id));
    });

    it("answers for an index that holds nothing", async () => {
      const index = referenceIndex({ embedder: hashEmbedder() });
      const retriever = await make(index.in(amy));
      expect((await retriever.search(question)).hits).toEqual([]);
      await index.close();
    });

    it("invoke, withConfig and batch return the hits of search as documents", async () => {
      const { retriever } = await open();
      const options: RetrieveConfig = { k: 2, filter: { year: 2023 } };
      const { hits } = await retriever.search(question, options);
      for (const documents of [
        await retriever.invoke(question, options),
        await retriever.withConfig(options).invoke(question),
        (await retriever.batch([question], options))[0]!,
      ]) {
        expect(documents.map((document) => fromDocument(document))).toEqual(hits);
      }
    });

    it("refuses what makes no sense", async () => {
      const { retriever } = await open();
      for (const k of [0, -1, 1.5, Number.NaN]) {
        await expect(retriever.search(question, { k })).rejects.toMatchObject({ code: "invalid-option" });
      }
      const filter = { year: { $regex: "x" } } as never;
      await expect(retriever.search(question, { filter })).rejects.toMatchObject({ code: "invalid-filter" });
      await expect(retriever.invoke(question, { filter })).rejects.toMatchObject({ code: "invalid-filter" });
    });

    it("rejects with the reason of an aborted signal, before and during a search", async () => {
      const { retriever, index } = await open();
      const signal = AbortSignal.abort(gone);
      await expect(retriever.search(question, { signal })).rejects.toBe(gone);
      await expect(retriever.invoke(question, { signal })).rejects.toBe(gone);

      const controller = new AbortController();
      const seen: (AbortSignal | undefined)[] = [];
      const hanging = await make(
        hangingView(index.in(amy), (leg) => {
          seen.push(leg);
          controller.abort(gone);
        }),
      );
      await expect(hanging.search(question, { signal: controller.signal })).rejects.toBe(gone);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.map((leg) => leg?.aborted)).toEqual(seen.map(() => true));
    });

    it("fails with what a leg failed with, if it needs that leg", async () => {
      const { retriever, embedder } = await open();
      const before = await retriever.search(question);
      embedder.breakWith({ kind: "fails", afterTexts: 0 });
      const outcome = await retriever.search(question).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "embedder-failed" });
      else expect(outcome).toEqual(before);
    });

    it("shows in LangChain's callbacks", async () => {
      const { retriever } = await open();
      const events: string[] = [];
      const handler = BaseCallbackHandler.fromMethods({
        handleRetrieverStart: (_, query) => void events.push(`start ${query}`),
        handleRetrieverEnd: (found) => void events.push(`end ${found.length}`),
      });
      const documents = await retriever.invoke(question, { callbacks: [handler], k: 2 });
      await awaitAllCallbacks();
      expect(events.at(0)).toBe(`start ${question}`);
      expect(events.at(-1)).toBe(`end ${documents.length}`);
    });
  });
}

/** A view whose legs report the signal that they are handed, and then wait for it for ever. */
function hangingView(view: IndexView, onLeg: (signal: AbortSignal | undefined) => void): IndexView {
  const hang = (signal: AbortSignal | undefined): Promise<never> => {
    onLeg(signal);
    return new Promise((_, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
  return {
    ...view,
    read: (work, options) =>
      view.read((snapshot) => {
        const hanging: Snapshot = {
          ...snapshot,
          lexical: (_, leg) => hang(leg.signal),
          dense: (_, leg) => hang(leg.signal),
        };
        return work(hanging);
      }, options),
  };
}
