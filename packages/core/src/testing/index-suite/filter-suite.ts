import { describe, expect, it } from "vitest";
import { filterRecord, matchesFilter } from "../../filter/matches-filter.js";
import { sourceInputs } from "../source-input.js";
import { acme, type IndexBench, idsOf, ranking, searchLeg, sourcesOf } from "./index-bench.js";
import { dice, randomFilter, randomSources } from "./random-corpus.js";

/** Filters mean on every leg what `matchesFilter` says, and change no score. */
export function filterSuite({ fresh, holding }: IndexBench): void {
  describe("filter", () => {
    it.each(["lexical", "dense"] as const)(
      "keeps what matches, with the scores it had (%s, random filters)",
      async (leg) => {
        for (const seed of [1, 2, 3]) {
          const rolls = dice(seed);
          const { index } = await fresh();
          await index.sync(acme, sourceInputs(randomSources(rolls, { count: 20 })));
          const query = `the ${rolls.words(3, 6)}`;
          const all = await searchLeg(index, leg, query);
          for (let round = 0; round < 40; round++) {
            const filter = randomFilter(rolls);
            const found = await searchLeg(index, leg, query, { filter });
            const expected = all.filter(({ passage }) => matchesFilter(filter, filterRecord(passage)));
            const where = `seed ${seed}, ${JSON.stringify(filter)}`;
            expect(idsOf(found), where).toEqual(idsOf(expected));
            for (const [at, { score }] of found.entries()) expect(score, where).toBeCloseTo(expected[at]!.score, 9);
            const few = await searchLeg(index, leg, query, { filter, k: 3 });
            expect(ranking(few), where).toEqual(ranking(found).slice(0, 3));
          }
        }
      },
    );

    it("lists the sources that match (random filters)", async () => {
      const rolls = dice(7);
      const { index } = await fresh();
      await index.sync(acme, sourceInputs(randomSources(rolls, { count: 25 })));
      const all = await index.sources(acme);
      expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort());
      for (let round = 0; round < 80; round++) {
        const filter = randomFilter(rolls);
        const expected = all.filter(({ id, title, uri, metadata }) =>
          matchesFilter(filter, { source: id, title, uri, ...metadata }),
        );
        expect(await index.sources(acme, filter), JSON.stringify(filter)).toEqual(expected);
      }
    });

    it("knows source, title, uri and page beside the metadata, whose own fields win", async () => {
      const text = "red fox\n\nred hen";
      const pages = [
        { page: 4, start: 0 },
        { page: 5, start: 9 },
      ];
      const { index } = await holding([
        { text, pages, title: "Fox", uri: "file:///fox.pdf" },
        { text: "red dog", title: "Dog", metadata: { title: "Not a dog" } },
      ]);
      const found = async (filter: Parameters<typeof index.sources>[1]): Promise<string[]> =>
        sourcesOf(await searchLeg(index, "lexical", "red", { filter }));
      expect(await found({ source: "s2" })).toEqual(["s2"]);
      expect(await found({ page: 5 })).toEqual(["s1"]);
      expect(await found({ uri: { $exists: true } })).toEqual(["s1", "s1"]);
      expect(await found({ title: "Dog" })).toEqual([]);
      expect(await found({ title: "Not a dog" })).toEqual(["s2"]);
    });

    it("refuses what no store understands", async () => {
      const { index } = await holding(["red fox"]);
      for (const filter of [{ year: { $regex: "x" } }, { $nor: [] }, { year: { $gt: Number.NaN } }]) {
        for (const leg of ["lexical", "dense"] as const) {
          const wrong = searchLeg(index, leg, "red", { filter: filter as never });
          await expect(wrong).rejects.toMatchObject({ code: "invalid-filter" });
        }
        await expect(index.sources(acme, filter as never)).rejects.toMatchObject({ code: "invalid-filter" });
      }
    });
  });
}
