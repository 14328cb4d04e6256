import { type IndexView, passageId, scope } from "@clew/core";
import { aHit, faultyRetriever, hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hybrid } from "../hybrid.js";
import { lexical } from "../lexical.js";
import { chooseDiverse } from "./choose-diverse.js";
import { diverse } from "./diverse.js";

const acme = scope("acme");
const unit = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));
const hits = (scores: Readonly<Record<string, number>>) =>
  Object.entries(scores).map(([id, score]) => aHit({ id, score }));

describe("diverse", () => {
  it("weighs relevance against the nearest hit chosen before", async () => {
    // by hand: relevance a 1, b .8, c 0; b is like a, c is at a right angle to both
    const chosen = await chooseDiverse({
      hits: hits({ a: 10, b: 8, c: 0 }),
      vectors: [unit(0), unit(0), unit(90)],
      lambda: 0.4,
      k: 3,
    });
    // a .4; then b = .32 − .6 = −.28, c = 0 − 0
    expect(chosen.map(({ passage, score }) => [passage.id, Number(score.toFixed(6))])).toEqual(
      [
        ["a", 0.4],
        ["c", -0],
        ["b", -0.28],
      ].map(([id, score]) => [id, expect.closeTo(score as number, 6)]),
    );
    expect(chosen[2]!.explain).toMatchObject({
      kind: "other",
      name: "diverse",
      detail: { rankBefore: 2, lambda: 0.4, nearest: "a" },
      before: { kind: "other", name: "test" },
    });
  });

  it("keeps the order at lambda 1, and is in the order of its scores at any", async () => {
    const anyHits = fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 359 })),
    );
    await fc.assert(
      fc.asyncProperty(anyHits, fc.double({ noNaN: true, min: 0, max: 1 }), async (given, lambda) => {
        const entries = Object.entries(given);
        const first = entries
          .map(([id, [score]]) => aHit({ id, score }))
          .sort((a, b) => b.score - a.score || (a.passage.id < b.passage.id ? -1 : 1));
        const vectors = first.map(({ passage }) => unit(given[passage.id]![1]));
        const same = await chooseDiverse({ hits: first, vectors, lambda: 1, k: 99 });
        expect(same.map(({ passage }) => passage.id)).toEqual(first.map(({ passage }) => passage.id));
        const chosen = await chooseDiverse({ hits: first, vectors, lambda, k: 99 });
        expect(chosen.map(({ passage }) => passage.id).sort()).toEqual(first.map(({ passage }) => passage.id).sort());
        for (const [index, hit] of chosen.slice(1).entries())
          expect(hit.score).toBeLessThanOrEqual(chosen[index]!.score);
      }),
    );
  });

  it("brings up what a run of near twins would hide", async () => {
    const index = referenceIndex({ embedder: hashEmbedder() });
    const twins = Array.from({ length: 5 }, (_, n) => `The maze of Minos was built by Daedalus, copy ${n}.`);
    await index.sync(acme, sourceInputs([...twins, "Daedalus fled from the maze on wings.", "Bread rises.", "Salt."]));
    const view = index.in(acme);
    const found = await diverse(hybrid(view), { view, lambda: 0.5 }).search("Daedalus maze Minos", { k: 2 });
    expect(found.hits[1]!.passage.text).toContain("wings");
  });

  it("notes hits that have no vector", async () => {
    const index = referenceIndex({ embedder: hashEmbedder() });
    await index.sync(acme, sourceInputs(["A thread."]));
    const view = index.in(acme);
    const [known] = (await lexical(view).search("thread")).hits;
    const first = faultyRetriever({ hits: [known!, aHit({ id: passageId("gone"), score: 0.1 })], scope: acme });
    const found = await diverse(first, { view }).search("thread");
    expect(found.hits).toHaveLength(2);
    expect(found.notes).toMatchObject([{ code: "vector-missing", detail: { bare: 1 } }]);
  });

  it("refuses what cannot work", () => {
    const view = referenceIndex({ embedder: hashEmbedder() }).in(acme);
    const make =
      (lambda: number, over: IndexView = view) =>
      () =>
        diverse(lexical(view), { view: over, lambda });
    expect(make(1.1)).toThrow(/from 0 to 1/);
    expect(make(0.5, referenceIndex().in(acme))).toThrow(expect.objectContaining({ code: "leg-missing" }));
    expect(make(0.5, referenceIndex({ embedder: hashEmbedder() }).in(scope("other")))).toThrow(/same scope/);
  });
});
