import { describe, expect, it } from "vitest";
import { compareHits } from "../../search/hit.js";
import { passageId } from "../../source/passage-id.js";
import { sourceInputs } from "../source-input.js";
import { acme, type IndexBench, idsOf, look, ranking, searchLeg, sourcesOf } from "./index-bench.js";
import { dice, randomSources } from "./random-corpus.js";

/** The lexical and the dense leg, and scoring. */
export function searchSuite({ fresh, holding }: IndexBench): void {
  describe("search", () => {
    it("an index that holds nothing finds nothing", async () => {
      const { index } = await fresh();
      expect(await searchLeg(index, "lexical", "red")).toEqual([]);
      expect(await searchLeg(index, "dense", "red")).toEqual([]);
      await look(index, async (snapshot) => {
        expect([snapshot.size, await snapshot.metadata(), await snapshot.titlesIn("red")]).toEqual([0, [], []]);
      });
    });

    it("queries without a word, or with unknown ones, find nothing on the lexical leg", async () => {
      const { index } = await holding(["red fox"]);
      for (const text of ["", "  ", "?!", "the", "unheard", "__proto__ constructor"]) {
        expect(await searchLeg(index, "lexical", text), text).toEqual([]);
      }
    });

    it("D3: scores what holds the word above 0, and whole words above parts of words", async () => {
      const { index } = await holding([
        "start the car, restart it",
        "the art of cooking",
        "Paris is the capital of France",
      ]);
      const [paris] = await searchLeg(index, "lexical", "Paris");
      expect(paris).toMatchObject({ passage: { source: "s3" } });
      expect(paris!.score).toBeGreaterThan(0);
      expect(sourcesOf(await searchLeg(index, "lexical", "art"))).toEqual(["s2"]);
    });

    it("D8: 首都 and 東京 both find 東京は日本の首都です", async () => {
      const { index } = await holding(["東京は日本の首都です", "大阪は大きい"]);
      for (const text of ["首都", "東京"]) expect(sourcesOf(await searchLeg(index, "lexical", text))).toEqual(["s1"]);
    });

    it("searches titles and headings, and hands them back", async () => {
      const text = "# Chairs\n\nThe board met.\n\n# Fees\n\nNone were paid.";
      const headings = [
        { level: 1, text: "Chairs", span: [0, 8] as const },
        { level: 1, text: "Fees", span: [26, 32] as const },
      ];
      const { index } = await holding([{ text, headings, title: "Audit report" }, "Nothing else."]);
      expect(await searchLeg(index, "lexical", "chairs")).toMatchObject([
        { passage: { text: "The board met.", title: "Audit report", headings: ["Chairs"] } },
      ]);
      expect(await searchLeg(index, "lexical", "audit")).toHaveLength(2);
    });

    it("D6: the dense leg fills k however low the similarity", async () => {
      const { index } = await holding(["red fox", "blue dog", "green hen", "white cat"]);
      expect(await searchLeg(index, "dense", "wholly unrelated words", { k: 4 })).toHaveLength(4);
    });

    it.each(["lexical", "dense"] as const)("D6: a minimum score says how many hits it dropped (%s)", async (leg) => {
      const { index } = await holding(["red fox", "red dog", "red fox hen", "fox fox fox"]);
      const all = await searchLeg(index, leg, "red fox");
      expect(all.length).toBe(4);
      const minScore = (all[1]!.score + all[2]!.score) / 2;
      const cut = await look(index, (snapshot) => snapshot[leg]({ text: "red fox" }, { k: 4, minScore }));
      expect(ranking(cut.hits)).toEqual(ranking(all.slice(0, 2)));
      expect(cut.notes).toMatchObject([{ code: "below-minimum-score", detail: { dropped: 2 } }]);
      const kept = await look(index, (snapshot) => snapshot[leg]({ text: "red fox" }, { k: 4, minScore: -2 }));
      expect(kept.notes).toEqual([]);
    });

    it.each(["lexical", "dense"] as const)("returns min(k, what there is), a prefix of the whole (%s)", async (leg) => {
      const { index } = await fresh();
      await index.sync(acme, sourceInputs(randomSources(dice(3), { count: 20 })));
      const all = await searchLeg(index, leg, "the river and the bridge in Paris", { k: 10_000 });
      expect(all.length).toBeGreaterThan(10);
      for (const k of [1, 2, 7, all.length]) {
        expect(await searchLeg(index, leg, "the river and the bridge in Paris", { k })).toEqual(all.slice(0, k));
      }
    });

    it.each(["lexical", "dense"] as const)("ties have one order: by id in code units (%s)", async (leg) => {
      const { index } = await holding(Array.from({ length: 9 }, () => "red fox"));
      const hits = await searchLeg(index, leg, "fox");
      expect(new Set(hits.map(({ score }) => score)).size).toBe(1);
      expect(idsOf(hits)).toEqual([...idsOf(hits)].sort());
      expect(idsOf(await searchLeg(index, leg, "fox", { k: 4 }))).toEqual(idsOf(hits).slice(0, 4));
    });

    it.each(["lexical", "dense"] as const)("results do not depend on the order of arrival (%s)", async (leg) => {
      for (const seed of [1, 2, 3]) {
        const rolls = dice(seed);
        const sources = randomSources(rolls, { count: 15 });
        const one = await fresh();
        await one.index.sync(acme, sourceInputs(sources));
        const two = await fresh();
        for (const source of rolls.shuffled(sources)) await two.index.sync(acme, sourceInputs([source]));
        const query = rolls.words(2, 5);
        const [a, b] = [await searchLeg(one.index, leg, query), await searchLeg(two.index, leg, query)];
        expect(idsOf(b), `seed ${seed}`).toEqual(idsOf(a));
        for (const [at, { score }] of b.entries()) expect(score).toBeCloseTo(a[at]!.score, 9);
      }
    });

    it("explains each hit: its rank, and terms that add up to its score and stand where it says", async () => {
      const { index, setup } = await holding(["The red foxes met a Red fox.", "A fox, far away", "dog"]);
      const hits = await searchLeg(index, "lexical", "red foxes");
      expect(hits).toEqual([...hits].sort(compareHits));
      for (const [at, { passage, score, explain }] of hits.entries()) {
        if (explain.kind !== "leg" || explain.leg !== "lexical") throw new Error("not explained as a lexical hit");
        expect(explain.rank).toBe(at + 1);
        expect(explain.terms.reduce((sum, term) => sum + term.score, 0)).toBeCloseTo(score, 6);
        for (const { term, at: places } of explain.terms) {
          expect(places.length).toBeGreaterThan(0);
          for (const span of places) expect(setup.analyzer.terms(passage.text.slice(...span))).toEqual([term]);
        }
      }
      expect(hits[0]!.explain).toMatchObject({
        terms: [
          { tf: 2, df: 1 },
          { tf: 2, df: 2 },
        ],
      });
      const dense = await searchLeg(index, "dense", "red foxes");
      expect(dense.map(({ explain }) => explain)).toMatchObject(
        dense.map(({ score }, at) => ({ kind: "leg", leg: "dense", rank: at + 1, cosine: score })),
      );
    });

    it("a term that the query repeats counts at least once, and less than twice", async () => {
      const { index } = await holding(["red fox", "red dog"]);
      const [once, often] = [
        await searchLeg(index, "lexical", "fox"),
        await searchLeg(index, "lexical", "fox fox fox fox fox"),
      ];
      expect(often).toHaveLength(1);
      expect(often[0]!.score).toBeGreaterThanOrEqual(once[0]!.score);
      expect(often[0]!.score).toBeLessThan(2 * once[0]!.score);
    });

    it("embeds a query once, and takes a vector that is there already", async () => {
      const { index, embedder } = await holding(["red fox", "blue dog"]);
      await look(index, async (snapshot) => {
        const { query, notes } = await snapshot.embed("fox");
        expect([query.vector?.length, notes]).toEqual([embedder.fingerprint.dimensions, []]);
        expect(embedder.queries).toEqual(["fox"]);
        const { hits } = await snapshot.dense(query, { k: 2 });
        const { scores } = await snapshot.score(idsOf(hits), query, ["cosine"]);
        for (const [at, { score }] of hits.entries()) expect(scores[at]!.cosine).toBeCloseTo(score, 6);
        expect(embedder.queries).toEqual(["fox"]);
        expect(idsOf((await snapshot.dense({ text: "fox" }, { k: 2 })).hits)).toEqual(idsOf(hits));
        expect(embedder.queries).toEqual(["fox", "fox"]);
        await expect(snapshot.dense({ text: "fox", vector: new Float32Array(3) }, { k: 1 })).rejects.toThrow();
      });
    });

    it("without an embedder there is a lexical leg alone", async () => {
      const { index } = await fresh({ dense: false });
      const report = await index.sync(acme, sourceInputs(["red fox"]));
      expect(report).toMatchObject({ added: ["s1"], embedded: 0, cached: 0, tokens: 0 });
      expect(index.in(acme).capabilities.dense).toBe(false);
      const [fox] = await searchLeg(index, "lexical", "fox");
      await expect(searchLeg(index, "dense", "fox")).rejects.toMatchObject({ code: "leg-missing" });
      await look(index, async (snapshot) => {
        expect((await snapshot.embed("fox")).query).toEqual({ text: "fox" });
        const { scores } = await snapshot.score([fox!.passage.id], { text: "fox" }, ["cosine", "bm25"]);
        expect(scores[0]!.cosine).toBeUndefined();
        expect(scores[0]!.bm25).toBeCloseTo(fox!.score, 6);
        expect(await snapshot.vectors([fox!.passage.id])).toEqual([undefined]);
      });
    });

    it("scores a pool in the order of its ids; ids that are not there have no score", async () => {
      const { index } = await holding(["red fox", "blue dog", "red red hen"]);
      const hits = await searchLeg(index, "lexical", "red");
      const [hen, fox] = hits[0]!.passage.source === "s3" ? hits : [...hits].reverse();
      const ids = [passageId("unknown"), fox!.passage.id, hen!.passage.id];
      await look(index, async (snapshot) => {
        const { scores, terms, lengths } = await snapshot.score(ids, { text: "red cow" }, ["bm25", "tf"]);
        expect(terms.map(({ term }) => term)).toEqual(["red", "cow"]);
        expect(scores.map(({ tf }) => tf)).toEqual([undefined, [1, 0], [2, 0]]);
        expect(scores[0]).toEqual({});
        expect(scores[1]!.bm25).toBeCloseTo(fox!.score, 6);
        expect(lengths).toHaveLength(3);
        expect(lengths[2]! / lengths[1]!).toBeCloseTo(1.5, 6);
        const bare = await snapshot.score(ids, { text: "red cow" }, ["bm25"]);
        expect([bare.terms, bare.lengths, bare.scores[1]!.tf]).toEqual([[], [], undefined]);
      });
    });
  });
}
