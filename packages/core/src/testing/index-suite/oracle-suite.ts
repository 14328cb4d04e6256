import { describe, expect, it } from "vitest";
import { scope } from "../../scope/scope.js";
import type { Hit } from "../../search/hit.js";
import type { SourceTextFields } from "../a-source.js";
import { referenceIndex } from "../reference/reference-index.js";
import { sourceInputs } from "../source-input.js";
import { acme, everyPassage, type IndexBench, look, searchLeg } from "./index-bench.js";
import { type Dice, dice, randomFilter, randomSources } from "./random-corpus.js";

const lexicalTolerance = 1e-6;
const denseTolerance = 1e-4;

/**
 * The k best of the whole ranking: the same score at every rank, and every passage with its own score. Passages whose
 * scores differ by less than the tolerance may swap.
 */
function expectBest(k: number, found: readonly Hit[], all: readonly Hit[], tolerance: number, where: string): void {
  expect(found.length, where).toBe(Math.min(k, all.length));
  const scores = new Map(all.map(({ passage, score }) => [passage.id, score]));
  for (const [at, { passage, score }] of found.entries()) {
    expect(Math.abs(score - all[at]!.score), `${where}, rank ${at + 1}`).toBeLessThanOrEqual(tolerance);
    const own = scores.get(passage.id);
    expect(own, `${where}: ${passage.id} is no hit of the reference`).toBeDefined();
    expect(Math.abs(score - own!), `${where}, ${passage.id}`).toBeLessThanOrEqual(tolerance);
  }
}

/** Some sources change, some go, some come. */
const edited = (rolls: Dice, sources: readonly SourceTextFields[]): SourceTextFields[] => [
  ...sources
    .filter(() => rolls.chance(0.8))
    .map((source) => (rolls.chance(0.4) ? { ...source, text: `${rolls.words(3, 20)}\n\n${source.text}` } : source)),
  { ...randomSources(rolls, { count: 1 })[0]!, id: `late-${rolls.number(1000)}` },
];

/** Through random edits, the index answers as `referenceIndex` does. */
export function oracleSuite({ fresh, options: { bm25 = true } }: IndexBench): void {
  describe("against the reference", () => {
    it.each([1, 2, 3, 4, 5, 6])("answers as the reference index does (seed %i)", async (seed) => {
      const rolls = dice(seed);
      const { index, setup } = await fresh();
      const reference = referenceIndex(setup);
      let sources = randomSources(rolls, { count: 15, principals: ["amy", "bob"] });
      for (let round = 0; round < 3; round++) {
        const inputs = sourceInputs(sources);
        const [report, expected] = [
          await index.sync(acme, inputs, { removeMissing: true }),
          await reference.sync(acme, inputs, { removeMissing: true }),
        ];
        const { added, updated, unchanged, removed, failed, passages } = expected;
        expect(report).toMatchObject({ added, updated, unchanged, removed, failed });
        expect(report.passages).toMatchObject({ added: passages.added, removed: passages.removed });

        for (const as of [acme, scope("acme", { principals: ["amy"] })]) {
          for (let asked = 0; asked < 5; asked++) {
            const query = rolls.words(1, 6);
            const filter = rolls.chance(0.5) ? randomFilter(rolls) : undefined;
            const k = rolls.pick([1, 3, 10, 100]);
            const where = `round ${round}, "${query}", k ${k}, ${JSON.stringify(filter)}`;
            for (const leg of bm25 ? (["dense", "lexical"] as const) : (["dense"] as const)) {
              const found = await searchLeg(index, leg, query, { as, filter, k });
              const all = await searchLeg(reference, leg, query, { as, filter });
              expectBest(k, found, all, leg === "dense" ? denseTolerance : lexicalTolerance, `${leg}, ${where}`);
            }
          }
        }

        const ids = await everyPassage(index);
        expect(ids).toEqual(await everyPassage(reference));
        const [mine, theirs] = await Promise.all(
          [index, reference].map((from) =>
            look(from, async (snapshot) => {
              const { query } = await snapshot.embed("the river runs in Paris");
              return {
                scored: await snapshot.score(ids, query, ["bm25", "cosine", "tf"]),
                passages: await snapshot.passages(ids),
                metadata: await snapshot.metadata(),
                size: snapshot.size,
              };
            }),
          ),
        );
        expect(mine!.passages).toEqual(theirs!.passages);
        expect(mine!.metadata).toEqual(theirs!.metadata);
        expect(mine!.size).toBe(theirs!.size);
        for (const [at, { cosine, bm25: score, tf }] of theirs!.scored.scores.entries()) {
          const own = mine!.scored.scores[at]!;
          expect(Math.abs(own.cosine! - cosine!)).toBeLessThanOrEqual(denseTolerance);
          if (!bm25) continue;
          expect(Math.abs(own.bm25! - score!)).toBeLessThanOrEqual(lexicalTolerance);
          expect(own.tf).toEqual(tf);
          expect(mine!.scored.lengths[at]).toBeCloseTo(theirs!.scored.lengths[at]!, 6);
        }
        sources = edited(rolls, sources);
      }
      await reference.close();
    });
  });
}
