import { describe, expect, it } from "vitest";
import { passageId } from "../../source/passage-id.js";
import { sourceInput, sourceInputs } from "../source-input.js";
import { acme, everyPassage, type IndexBench, idsOf, look, searchLeg } from "./index-bench.js";
import { dice, randomSources } from "./random-corpus.js";

/** What a snapshot tells of passages and sources, and that it does not change. */
export function snapshotSuite({ fresh, holding }: IndexBench): void {
  describe("snapshot", () => {
    it("sees one generation while a sync runs beside it", async () => {
      const { index } = await holding(["red fox", "red dog"]);
      await look(index, async (snapshot) => {
        const before = await snapshot.lexical({ text: "red" }, { k: 9 });
        const changed = [sourceInput("blue fox"), sourceInput({ id: "s3", text: "red cat" })];
        const report = await index.sync(acme, changed, { removeMissing: true });
        expect(report).toMatchObject({ added: ["s3"], updated: ["s1"], removed: ["s2"] });
        expect(report.generation).toBeGreaterThan(snapshot.generation);
        expect(await snapshot.lexical({ text: "red" }, { k: 9 })).toEqual(before);
        expect((await snapshot.dense({ text: "dog" }, { k: 1 })).hits).toMatchObject([
          { passage: { text: "red dog" } },
        ]);
        expect((await snapshot.sourceText("s2"))?.text).toBe("red dog");
        expect(await snapshot.sourceText("s3")).toBeUndefined();
        expect((await snapshot.passages(idsOf(before.hits))).map((passage) => passage?.text)).toEqual(
          before.hits.map(({ passage }) => passage.text),
        );
        expect(snapshot.size).toBe(2);
      });
      expect(await searchLeg(index, "lexical", "red")).toMatchObject([{ passage: { text: "red cat" } }]);
    });

    it("every passage is the text between its offsets (random corpora)", async () => {
      const { index } = await fresh();
      await index.sync(acme, sourceInputs(randomSources(dice(11), { count: 15 })));
      const ids = await everyPassage(index);
      await look(index, async (snapshot) => {
        expect(snapshot.size).toBe(ids.length);
        for (const passage of await snapshot.passages(ids)) {
          const source = await snapshot.sourceText(passage!.source);
          expect(source!.text.slice(...passage!.span)).toBe(passage!.text);
          expect(source!.source.title).toBe(passage!.title);
          expect(source!.source.metadata).toEqual(passage!.metadata);
        }
      });
    });

    it("gives passages and unit vectors in the order of the ids, nothing for those that are not there", async () => {
      const { index } = await holding(["red fox", "blue dog"]);
      const [one, two] = await everyPassage(index);
      const ids = [two!, passageId("unknown"), one!, two!];
      await look(index, async (snapshot) => {
        const passages = await snapshot.passages(ids);
        expect(passages.map((passage) => passage?.id)).toEqual([two, undefined, one, two]);
        const vectors = await snapshot.vectors(ids);
        expect(vectors.map((vector) => vector?.length)).toEqual([64, undefined, 64, 64]);
        for (const vector of [vectors[0]!, vectors[2]!]) {
          expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4);
        }
        expect(await snapshot.around(passageId("unknown"), "neighbours")).toEqual([]);
        expect(await snapshot.links([passageId("unknown")])).toEqual([]);
        expect(await snapshot.sourceText("unknown")).toBeUndefined();
      });
    });

    it("finds what stands around a passage, in the order of the source", async () => {
      const text = "# A\n\none\n\ntwo\n\nthree\n\n# B\n\nfour\n\nfive";
      const at = (needle: string): number => text.indexOf(needle);
      const headings = [
        { level: 1, text: "A", span: [0, 3] as const },
        { level: 1, text: "B", span: [at("# B"), at("# B") + 3] as const },
      ];
      const pages = [
        { page: 1, start: 0 },
        { page: 2, start: at("two") },
        { page: 3, start: at("five") },
      ];
      const { index } = await holding([{ text, headings, pages }, "six"]);
      const around = async (word: string, unit: "neighbours" | "section" | "page"): Promise<string[]> => {
        const [hit] = await searchLeg(index, "lexical", word);
        return look(index, async (snapshot) =>
          (await snapshot.around(hit!.passage.id, unit)).map((passage) => passage.text),
        );
      };
      expect(await around("three", "neighbours")).toEqual(["two", "three", "four"]);
      expect(await around("one", "neighbours")).toEqual(["one", "two"]);
      expect(await around("five", "neighbours")).toEqual(["four", "five"]);
      expect(await around("three", "section")).toEqual(["one", "two", "three"]);
      expect(await around("four", "section")).toEqual(["four", "five"]);
      expect(await around("three", "page")).toEqual(["two", "three", "four"]);
      expect(await around("six", "page")).toEqual(["six"]);
    });

    it("says which metadata there is", async () => {
      const { index } = await holding([
        { text: "a", metadata: { year: 2023, tags: ["tax", "audit"], note: null } },
        { text: "b", metadata: { year: 2022, tags: ["audit"] } },
        { text: "c", metadata: { year: "2022", final: false } },
      ]);
      const fields = await look(index, (snapshot) => snapshot.metadata());
      expect(fields.map(({ types, ...field }) => ({ ...field, types: [...types].sort() }))).toEqual([
        { name: "final", types: ["boolean"], count: 1, examples: [false] },
        { name: "note", types: ["null"], count: 1, examples: [] },
        { name: "tags", types: ["array"], count: 2, examples: ["audit", "tax"] },
        { name: "year", types: ["number", "string"], count: 3, examples: expect.arrayContaining([2022, 2023, "2022"]) },
      ]);
    });

    it("finds titles in a text and links by them, where it has links", async () => {
      const { index } = await holding([
        { title: "Leiden University", text: "It was founded in 1575." },
        { title: "Boerhaave", text: "He taught at Leiden University all his life." },
      ]);
      const { links } = index.in(acme).capabilities;
      const [leiden] = await searchLeg(index, "lexical", "founded");
      const [boerhaave] = await searchLeg(index, "lexical", "taught");
      await look(index, async (snapshot) => {
        const asked = "When was Leiden University founded?";
        const mentions = await snapshot.titlesIn(asked);
        const edges = await snapshot.links([leiden!.passage.id]);
        if (!links) {
          expect([mentions, edges]).toEqual([[], []]);
          return;
        }
        expect(mentions).toMatchObject([{ title: "Leiden University", passages: [leiden!.passage.id] }]);
        expect(asked.slice(...mentions[0]!.span)).toBe("Leiden University");
        const edge = edges.find(({ kind }) => kind === "title");
        expect(edge).toMatchObject({ from: boerhaave!.passage.id, to: leiden!.passage.id });
        expect(await snapshot.linkWords([edge!])).toEqual(["Leiden University"]);
        expect(await snapshot.linkWords([{ ...edge!, from: edge!.to, to: edge!.from }])).toEqual([undefined]);
        for (const { weight } of edges) expect(weight).toBeGreaterThan(0);
        expect(await snapshot.links([boerhaave!.passage.id])).toEqual(edges);
      });
    });
  });
}
