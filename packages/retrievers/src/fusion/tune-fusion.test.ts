import { type Hit, type IndexView, note, noUsage, type PassageScore, type Snapshot, scope } from "@clew/core";
import { seededRandom } from "@clew/core/measure";
import { aHit, hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { hybrid } from "../hybrid.js";
import { convex } from "./convex.js";
import { fusionGrid } from "./fusion-grid.js";
import { rrf } from "./rrf.js";
import { tuneFusion } from "./tune-fusion.js";

const ids = ["a", "b", "c", "d", "e"];
const golden = Array.from({ length: 40 }, (_, index) => ({ query: `${index}`, relevant: [ids[index % 5]!] }));

/** A view whose dense leg ranks the answer first, and whose lexical leg knows nothing, or knows it as well. */
function aView(lexicalKnows: boolean) {
  const asked = { lexical: 0, dense: 0, embed: 0 };
  const random = seededRandom(5);
  const leg = (query: string, knows: boolean): Hit[] =>
    ids
      .map((id) =>
        aHit({ id, source: id, score: (knows && ids[Number(query) % 5] === id ? 1 : 0.5) * (0.5 + random() / 2) }),
      )
      .sort((x, y) => y.score - x.score);
  const snapshot = {
    generation: 1,
    embed: async (text: string) => {
      asked.embed += 1;
      return { query: { text }, usage: noUsage, notes: text === "3" ? [note("cut", "too long")] : [] };
    },
    lexical: async ({ text }: { text: string }) => {
      asked.lexical += 1;
      return { hits: leg(text, lexicalKnows), notes: [], usage: noUsage };
    },
    dense: async ({ text }: { text: string }) => {
      asked.dense += 1;
      return { hits: leg(text, true), notes: [], usage: noUsage };
    },
    score: async (wanted: readonly string[], _query: unknown, _what: readonly PassageScore[]) => ({
      scores: wanted.map(() => ({})),
      terms: [],
      lengths: [],
    }),
  } as unknown as Snapshot;
  const view: IndexView = {
    scope: scope("acme"),
    capabilities: { lexical: true, dense: true, links: false },
    read: (work) => work(snapshot),
  };
  return { view, asked };
}

describe("tuneFusion", () => {
  const baseline = convex({ weights: { dense: 0, lexical: 1 } });

  it("recommends what surely gains, with the choice and the figures of each fold", async () => {
    const { view, asked } = aView(false);
    const progress: number[] = [];
    const found = await tuneFusion(view, {
      golden,
      baseline,
      metric: "mrr",
      onProgress: (done) => progress.push(done),
    });
    expect(found.recommendation).toBe("change");
    expect(found.fusion.weight("dense")).toBeGreaterThan(0.5);
    expect(found.fusion).toBe(found.best);
    expect(found.gain.low).toBeGreaterThan(0);
    expect(found.gain.mean).toBeCloseTo(found.tuned - found.baseline, 12);
    expect(found.p).toBeLessThan(0.05);
    expect(found.folds.map(({ queries }) => queries)).toEqual([8, 8, 8, 8, 8]);
    expect(found.candidates.length).toBe(fusionGrid().length);
    expect(found.reason).toMatch(/^Change to convex.* gained 0\.\d+ mrr \[/);
    expect(found.notes).toEqual([note("cut", "too long")]);
    // each leg once a query, however many candidates there are
    expect(asked).toEqual({ lexical: 40, dense: 40, embed: 40 });
    expect(progress).toEqual(golden.map((_, index) => index + 1));
  });

  it("keeps the baseline where nothing is surely better", async () => {
    const { view } = aView(true);
    const found = await tuneFusion(view, { golden, metric: "mrr", candidates: [rrf(), rrf({ rankConstant: 60 })] });
    expect([found.recommendation, found.fusion.name]).toEqual(["keep", convex().name]);
    expect(found.reason).toMatch(/^Keep convex\(dense 0\.7, lexical 0\.3\)/);
    // the candidates and the baseline that stands before them
    expect(found.candidates.length).toBe(3);
  });

  it("never recommends on chance alone: where all candidates rank at random, it keeps in nearly every draw", async () => {
    let changes = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seededRandom(seed);
      const noise = (name: string) => ({
        ...convex(),
        name,
        fuse: () => ids.map((id) => aHit({ id, source: id, score: random() })).sort((x, y) => y.score - x.score),
      });
      const { recommendation } = await tuneFusion(aView(true).view, {
        golden,
        metric: "mrr",
        baseline: noise("baseline"),
        candidates: ["c1", "c2", "c3", "c4", "c5"].map(noise),
      });
      if (recommendation === "change") changes += 1;
    }
    expect(changes).toBeLessThanOrEqual(2);
  });

  it("works over a real view, the same every time, and gives what hybrid takes", async () => {
    const index = referenceIndex({ embedder: hashEmbedder() });
    const me = scope("acme");
    await index.sync(
      me,
      sourceInputs(["Ariadne gave Theseus a thread.", "Daedalus built the labyrinth.", "Icarus fell into the sea."]),
    );
    const questions = ["thread", "labyrinth", "sea", "Ariadne", "Daedalus", "Icarus"].map((query, number) => ({
      query,
      relevant: [`s${(number % 3) + 1}`],
    }));
    const tuned = await tuneFusion(index.in(me), { golden: questions, folds: 3 });
    expect(JSON.stringify(await tuneFusion(index.in(me), { golden: questions, folds: 3 }))).toBe(JSON.stringify(tuned));
    const { hits } = await hybrid(index.in(me), { fusion: tuned.fusion }).search("Who gave Theseus a thread?", {
      k: 1,
    });
    expect(hits[0]!.passage.source).toBe("s1");
  });

  it("stops when told", async () => {
    const controller = new AbortController();
    const { view, asked } = aView(true);
    const stopped = tuneFusion(view, {
      golden,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
    expect(asked.embed).toBeLessThanOrEqual(2);
  });

  it.each([
    [{ golden: golden.slice(0, 9) }, "nothing-to-do"],
    [{ golden: golden.map(({ query }) => ({ query, relevant: [] })) }, "nothing-to-do"],
    [{ golden, folds: 1 }, "invalid-option"],
    [{ golden, candidates: [] }, "invalid-option"],
    [{ golden, candidates: [rrf(), rrf()] }, "invalid-option"],
    [{ golden, seed: 0.5 }, "invalid-option"],
    [{ golden, depth: 5 }, "invalid-option"],
    [{ golden, metric: "bleu" as "mrr" }, "invalid-option"],
    [{ golden, by: "page" as "source" }, "invalid-option"],
    [{ golden, weights: [0.1] } as never, "invalid-option"],
  ])("refuses %#", async (options, code) => {
    await expect(tuneFusion(aView(true).view, options)).rejects.toMatchObject({ code });
  });

  it("needs both legs", async () => {
    const view = { ...aView(true).view, capabilities: { lexical: true, dense: false, links: false } };
    await expect(tuneFusion(view, { golden })).rejects.toMatchObject({ code: "leg-missing" });
  });
});

describe("fusionGrid", () => {
  it("holds each fusion once, under a name that tells it from the others", () => {
    const names = fusionGrid().map(({ name }) => name);
    expect([names.length, new Set(names).size]).toEqual([38, 38]);
    expect(names).toContain("convex(dense 0.7, lexical 0.3)");
    expect(names).toContain("convex(dense 0.5 by min-max, lexical 0.5 by min-max)");
    expect(names).toContain("rrf(10, dense 0.5, lexical 0.5)");
  });
});
