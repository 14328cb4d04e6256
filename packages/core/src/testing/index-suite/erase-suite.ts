import { describe, expect, it } from "vitest";
import { scope } from "../../scope/scope.js";
import { sourceInput } from "../source-input.js";
import { acme, type IndexBench, look, ranking, searchLeg, sourcesOf } from "./index-bench.js";

const secret = {
  id: "secret",
  title: "The Zyxthorpe Ledger",
  text: "Quillfeather paid red Zyxthorpe in ambergris.\n\nThe red fox of Vantage Hollow saw Quillfeather.",
};
const others = [
  { id: "fox", title: "Vantage Hollow", text: "The red fox of Vantage Hollow sleeps.\n\nA fox is not a hen." },
  { id: "hen", title: "Hens", text: "A red hen reads The Zyxthorpe Ledger." },
];

/** What must be gone after a source is erased, and what must not notice. */
export function eraseSuite({ fresh, holding }: IndexBench): void {
  describe("erase", () => {
    it("leaves nothing of the source on any leg, and tells what was removed", async () => {
      const { index } = await holding([...others, secret]);
      const places = await index.erase(acme, { source: "secret", passages: await index.passagesOf(acme, "secret") });
      expect(places.find(({ place }) => place === "index")?.removed).toMatchObject({ sources: 1, passages: 2 });
      expect(places.flatMap(({ notes }) => notes)).toEqual([]);
      for (const leg of ["lexical", "dense"] as const) {
        expect(sourcesOf(await searchLeg(index, leg, "Quillfeather ambergris red"))).not.toContain("secret");
      }
      expect(await searchLeg(index, "lexical", "Quillfeather ambergris")).toEqual([]);
      expect((await index.sources(acme)).map(({ id }) => id)).toEqual(["fox", "hen"]);
      expect(await index.passagesOf(acme, "secret")).toEqual([]);
      await look(index, async (snapshot) => {
        expect(await snapshot.sourceText("secret")).toBeUndefined();
        expect(await snapshot.titlesIn("Who wrote The Zyxthorpe Ledger?")).toEqual([]);
      });
    });

    it("leaves the others as if it had never been there: hits, scores and links", async () => {
      const { index } = await holding([...others, secret]);
      const { index: never } = await holding(others);
      await index.erase(acme, { source: "secret", passages: [] });
      for (const query of ["red fox", "hen", "Vantage Hollow ledger"]) {
        for (const leg of ["lexical", "dense"] as const) {
          expect(ranking(await searchLeg(index, leg, query))).toEqual(ranking(await searchLeg(never, leg, query)));
        }
      }
      const links = (of: typeof index) =>
        look(of, async (snapshot) => {
          const { hits } = await snapshot.dense({ text: "fox" }, { k: 99 });
          return snapshot.links(hits.map(({ passage }) => passage.id).sort());
        });
      expect(await links(index)).toEqual(await links(never));
    });

    it("is an act of the tenant: access lists do not matter, another tenant's source of that name does not move", async () => {
      const { index } = await holding([...others, { ...secret, access: ["amy"] }]);
      const other = scope("other");
      await index.sync(other, [sourceInput({ id: "secret", text: "Theirs stays." })]);
      expect(await index.passagesOf(acme, "secret")).toHaveLength(2);
      const [place] = await index.erase(acme, { source: "secret", passages: [] });
      expect(place?.removed).toMatchObject({ sources: 1, passages: 2 });
      const theirs = await searchLeg(index, "lexical", "stays", { as: other });
      expect(sourcesOf(theirs)).toEqual(["secret"]);
      expect(await index.passagesOf(other, "secret")).toHaveLength(1);
    });

    it("finds nothing the second time, nor of a source that nobody knows; and the source may come again", async () => {
      const { index, embedder } = await fresh();
      const nothing = await index.erase(acme, { source: "secret", passages: [] });
      expect(nothing.flatMap(({ removed }) => Object.values(removed)).every((count) => count === 0)).toBe(true);
      const kite = sourceInput({ id: "secret", text: "A red kite." });
      await index.sync(acme, [kite]);
      await index.erase(acme, { source: "secret", passages: [] });
      const again = await index.erase(acme, { source: "secret", passages: [] });
      expect(again.flatMap(({ removed }) => Object.values(removed)).every((count) => count === 0)).toBe(true);
      embedder.reset();
      expect(await index.sync(acme, [kite])).toMatchObject({ added: ["secret"], embedded: 1, cached: 0 });
      expect(sourcesOf(await searchLeg(index, "dense", "kite"))).toEqual(["secret"]);
    });

    it("keeps the vector of a text that another source still holds, and drops those of earlier versions", async () => {
      const { index, embedder } = await fresh();
      await index.sync(acme, [
        sourceInput({ id: "a", text: "only once\n\nshared words" }),
        sourceInput({ id: "b", text: "shared words" }),
      ]);
      await index.sync(acme, [sourceInput({ id: "a", text: "shared words\n\nsecond version" })]);
      await index.erase(acme, { source: "a", passages: await index.passagesOf(acme, "a") });
      embedder.reset();
      const back = sourceInput({ id: "c", text: "only once\n\nshared words\n\nsecond version" });
      expect(await index.sync(acme, [back])).toMatchObject({ embedded: 2, cached: 1 });
      expect(sourcesOf(await searchLeg(index, "dense", "shared")).sort()).toEqual(["b", "c", "c", "c"]);
    });
  });
}
