import { describe, expect, it } from "vitest";
import { scope } from "../../scope/scope.js";
import { rawAnalyzer } from "../../text/raw-analyzer.js";
import { fixedRuntime } from "../fixed-runtime.js";
import { hashEmbedder } from "../hash-embedder.js";
import { testIndex } from "../index-suite/test-index.js";
import { sourceInputs } from "../source-input.js";
import { referenceIndex } from "./reference-index.js";

const acme = scope("acme");

describe("referenceIndex", () => {
  testIndex({ open: async (setup) => referenceIndex(setup) });

  it("leaves a list that hangs as soon as the sync is aborted", async () => {
    const index = referenceIndex();
    const controller = new AbortController();
    const gone = new Error("the caller has gone");
    const hanging = (async function* () {
      yield* sourceInputs(["red fox"]);
      setTimeout(() => controller.abort(gone), 1);
      await new Promise<never>(() => {});
    })();
    await expect(index.sync(acme, hanging, { signal: controller.signal, removeMissing: true })).rejects.toBe(gone);
    expect((await index.sources(acme)).map(({ id }) => id)).toEqual(["s1"]);
  });

  it("scores BM25 as worked out by hand", async () => {
    const index = referenceIndex({ analyzer: rawAnalyzer(), runtime: fixedRuntime() });
    await index.sync(acme, sourceInputs(["red fox red", "red hen", "blue dog runs far"]));
    const { hits } = await index.in(acme).read((snapshot) => snapshot.lexical({ text: "red fox red" }, { k: 5 }));
    // N 3, lengths 3, 2, 4, average 3. red: df 2, idf ln(1 + 1.5/2.5) = 0.4700036; fox: df 1, idf ln(1 + 2.5/1.5) = 0.9808293
    // s1: norm 1.2; red, asked for twice, 4/3 · 0.4700036 · 2 · 2.2 / 3.2 = 0.8616733; fox 0.9808293 · 2.2 / 2.2 = 0.9808293
    // s2: norm 1.2 · (0.25 + 0.75 · 2/3) = 0.9; red 4/3 · 0.4700036 · 2.2 / 1.9 = 0.7256196
    expect(hits.map(({ passage }) => passage.source)).toEqual(["s1", "s2"]);
    expect(hits[0]!.score).toBeCloseTo(1.8425026, 6);
    expect(hits[1]!.score).toBeCloseTo(0.7256196, 6);
    expect(hits[0]!.explain).toMatchObject({
      rank: 1,
      terms: [
        {
          term: "red",
          tf: 2,
          df: 2,
          at: [
            [0, 3],
            [8, 11],
          ],
        },
        { term: "fox" },
      ],
    });
  });

  it("finds titles in a text, the longest first, and links passages by them", async () => {
    const index = referenceIndex({ embedder: hashEmbedder() });
    await index.sync(
      acme,
      sourceInputs([
        { title: "York", text: "A city in England." },
        { title: "New York", text: "A city in America, named after York." },
        { title: "Gotham", text: "A name for New York." },
      ]),
    );
    await index.in(acme).read(async (snapshot) => {
      const mentions = await snapshot.titlesIn("From York to New York, not to Yorkshire.");
      expect(mentions.map(({ title, span }) => [title, span])).toEqual([["New York", [13, 21]]]);
      const edges = await snapshot.links(mentions.flatMap(({ passages }) => passages));
      const made = await snapshot.linkWords(edges.filter(({ kind }) => kind === "title"));
      expect(made).toEqual(["New York"]);
    });
  });
});
