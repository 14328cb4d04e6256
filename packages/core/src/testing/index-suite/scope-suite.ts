import { describe, expect, it } from "vitest";
import type { Index } from "../../index/index-port.js";
import type { AccessLists } from "../../scope/is-visible.js";
import { isVisible } from "../../scope/is-visible.js";
import { type Scope, scope } from "../../scope/scope.js";
import type { PassageId } from "../../source/passage-id.js";
import type { SourceTextFields } from "../a-source.js";
import { sourceInput, sourceInputs } from "../source-input.js";
import { acme, everyPassage, type IndexBench, idsOf, look, ranking, searchLeg, sourcesOf } from "./index-bench.js";
import { dice, randomSources } from "./random-corpus.js";

const other = scope("other");
const principals = ["amy", "bob", "cid"];

/** Everything that a scope can get out of an index about some passages and sources. */
async function everythingSeen(
  index: Index,
  as: Scope,
  query: string,
  ids: readonly PassageId[],
  sources: readonly string[],
): Promise<unknown> {
  const records = await index.sources(as);
  return index.in(as).read(async (snapshot) => {
    const embedded = (await snapshot.embed(query)).query;
    const { scores, terms, lengths } = await snapshot.score(ids, embedded, ["bm25", "cosine", "tf"]);
    return {
      size: snapshot.size,
      lexical: (await snapshot.lexical(embedded, { k: 1000 })).hits,
      dense: (await snapshot.dense(embedded, { k: 1000 })).hits,
      scores,
      terms,
      lengths,
      links: await snapshot.links(ids),
      linkWords: await snapshot.linkWords(await snapshot.links(ids)),
      titles: await snapshot.titlesIn(`${query} Paris, Leiden University, River Tower, Audit Court, Utrecht, A-7 東京`),
      passages: await snapshot.passages(ids),
      vectors: await snapshot.vectors(ids),
      around: await Promise.all(ids.map((id) => snapshot.around(id, "neighbours"))),
      texts: await Promise.all(sources.map((source) => snapshot.sourceText(source))),
      metadata: await snapshot.metadata(),
      records: records.map(({ syncedAt: _, ...record }) => record),
    };
  });
}

/** Who sees what: tenants, principals, access lists. */
export function scopeSuite({ fresh, holding }: IndexBench): void {
  describe("scope", () => {
    it("D2: one text under one id in two tenants is two passages, each seen by its own tenant", async () => {
      const { index } = await fresh();
      await index.sync(acme, [sourceInput({ text: "red fox", metadata: { of: "acme" } })]);
      await index.sync(other, [sourceInput({ text: "red fox", metadata: { of: "other" } })]);
      for (const leg of ["lexical", "dense"] as const) {
        const [mine, yours] = [await searchLeg(index, leg, "fox"), await searchLeg(index, leg, "fox", { as: other })];
        expect(mine.map(({ passage }) => passage.metadata)).toEqual([{ of: "acme" }]);
        expect(yours.map(({ passage }) => passage.metadata)).toEqual([{ of: "other" }]);
      }
      expect(await index.remove(other, ["s1"])).toEqual(["s1"]);
      expect(await searchLeg(index, "lexical", "fox")).toHaveLength(1);
      expect(await searchLeg(index, "lexical", "fox", { as: other })).toEqual([]);
    });

    it("a tenant that nobody filled is empty, not an error", async () => {
      const { index } = await holding(["red fox"]);
      expect(await searchLeg(index, "lexical", "fox", { as: scope("nobody") })).toEqual([]);
      expect(await index.sources(scope("nobody"))).toEqual([]);
      expect(await index.remove(scope("nobody"), ["s1"])).toEqual([]);
    });

    it("what one tenant holds never changes a score of another (random corpora)", async () => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const rolls = dice(seed);
        const { index } = await fresh();
        await index.sync(acme, sourceInputs(randomSources(rolls)));
        const query = rolls.words(2, 6);
        const before = [await searchLeg(index, "lexical", query), await searchLeg(index, "dense", query)];
        await index.sync(other, sourceInputs(randomSources(rolls, { count: 20 })));
        const after = [await searchLeg(index, "lexical", query), await searchLeg(index, "dense", query)];
        expect(after, `seed ${seed}`).toEqual(before);
      }
    });

    it("nothing that a scope may not see shows anywhere: all is as if it had never been there (random corpora)", async () => {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const rolls = dice(seed);
        const accessLists: AccessLists = seed % 2 === 0 ? "required" : "optional";
        const sources = randomSources(rolls, { principals });
        const whole = await fresh({ accessLists });
        await whole.index.sync(acme, sourceInputs(sources));
        const all = scope("acme", { principals });
        const ids = await everyPassage(whole.index, all);
        const query = rolls.words(3, 6);
        for (const as of [
          acme,
          scope("acme", { principals: ["amy"] }),
          scope("acme", { principals: ["bob", "dan"] }),
        ]) {
          const seen: SourceTextFields[] = sources.filter(({ access }) => isVisible(access, as, accessLists));
          const bare = await fresh({ accessLists });
          await bare.index.sync(acme, sourceInputs(seen));
          const names = sources.map(({ id }) => id!);
          expect(
            await everythingSeen(whole.index, as, query, ids, names),
            `seed ${seed}, ${JSON.stringify(as)}, lists ${accessLists}`,
          ).toEqual(await everythingSeen(bare.index, as, query, ids, names));
        }
      }
    });

    it("an access list admits those on it; an empty one nobody", async () => {
      const { index } = await holding([
        { text: "red fox" },
        { text: "red dog", access: ["amy", "staff"] },
        { text: "red hen", access: [] },
      ]);
      const seen = async (names?: readonly string[]): Promise<string[]> =>
        sourcesOf(await searchLeg(index, "lexical", "red", { as: scope("acme", { principals: names }) })).sort();
      expect(await seen()).toEqual(["s1"]);
      expect(await seen([])).toEqual(["s1"]);
      expect(await seen(["amy"])).toEqual(["s1", "s2"]);
      expect(await seen(["bob", "staff"])).toEqual(["s1", "s2"]);
      expect(await seen(["Amy", "am"])).toEqual(["s1"]);
    });

    it("where lists are required, a source without one is seen by nobody", async () => {
      const { index } = await holding([{ text: "red fox" }, { text: "red dog", access: ["amy"] }], {
        accessLists: "required",
      });
      const amy = scope("acme", { principals: ["amy"] });
      expect(await searchLeg(index, "lexical", "red")).toEqual([]);
      expect(sourcesOf(await searchLeg(index, "lexical", "red", { as: amy }))).toEqual(["s2"]);
      expect(sourcesOf(await searchLeg(index, "dense", "red", { as: amy }))).toEqual(["s2"]);
      expect((await index.sources(amy)).map(({ id }) => id)).toEqual(["s2"]);
    });

    it("hidden titles make no links and are not mentioned", async () => {
      const { index } = await holding([
        { title: "Project Minotaur", text: "Secret.", access: ["amy"] },
        { title: "Report", text: "We asked about Project Minotaur." },
      ]);
      const ids = await everyPassage(index, scope("acme", { principals: ["amy"] }));
      await look(index, async (snapshot) => {
        expect(await snapshot.titlesIn("Project Minotaur")).toEqual([]);
        expect(await snapshot.links(ids)).toEqual([]);
      });
    });

    it("writes reach every source of the tenant, whoever may see it", async () => {
      const { index } = await holding([{ text: "red fox", access: ["amy"] }]);
      expect(await index.sync(acme, [sourceInput({ text: "red fox", access: ["amy"] })])).toMatchObject({
        unchanged: 1,
      });
      await index.setMetadata(acme, "s1", { metadata: { year: 2023 } });
      const amy = scope("acme", { principals: ["amy"] });
      expect(await index.sources(amy)).toMatchObject([{ metadata: { year: 2023 } }]);
      expect(await index.remove(acme, ["s1"])).toEqual(["s1"]);
      expect(idsOf(await searchLeg(index, "lexical", "fox", { as: amy }))).toEqual([]);
    });

    it("hits of the same scope are the same, however its principals are ordered", async () => {
      const { index } = await holding([
        { text: "red fox", access: ["amy"] },
        { text: "red dog", access: ["bob"] },
      ]);
      const one = await searchLeg(index, "lexical", "red", { as: scope("acme", { principals: ["amy", "bob"] }) });
      const two = await searchLeg(index, "lexical", "red", { as: scope("acme", { principals: ["bob", "amy"] }) });
      expect(ranking(one)).toHaveLength(2);
      expect(two).toEqual(one);
    });
  });
}
