import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clusteredVectors } from "./clustered-vectors.js";
import { exactNeighbours } from "./exact-neighbours.js";
import { readPassages, readQueries, readVectors, vectorAt, writeCorpus } from "./speed-corpus.js";
import { syntheticTexts } from "./synthetic-texts.js";

const asked = { passages: 60, queries: 5, seed: 3 };
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe("the corpus of the speed benchmark", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(syntheticTexts(asked)).toEqual(syntheticTexts(asked));
    expect(syntheticTexts({ ...asked, seed: 4 })).not.toEqual(syntheticTexts(asked));
    expect(clusteredVectors({ ...asked, dimensions: 16 })).toEqual(clusteredVectors({ ...asked, dimensions: 16 }));
  });

  it("comes back from its files as it was written, title and text also as one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "clew-speed-"));
    try {
      const texts = syntheticTexts(asked);
      const vectors = clusteredVectors({ ...asked, dimensions: 16 });
      await writeCorpus(folder, texts, vectors);
      const passages = await readPassages(folder);
      expect(passages).toEqual(
        texts.passages.map((passage) => ({ ...passage, whole: `${passage.title}. ${passage.text}` })),
      );
      expect(await readVectors(folder)).toEqual(vectors.passages);
      const { dimensions, queries } = await readQueries(folder);
      expect(dimensions).toBe(16);
      expect(queries.map(({ text }) => text)).toEqual(texts.queries);
      expect(queries[4]!.vector).toEqual(vectorAt(vectors.queries, 16, 4));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("has unit vectors that are near within a cluster and far outside", () => {
    const { passages } = clusteredVectors({ passages: 2000, queries: 1, dimensions: 384, seed: 3 });
    const first = vectorAt(passages, 384, 0);
    const cosines = Array.from({ length: 1999 }, (_, at) => dot(first, vectorAt(passages, 384, at + 1))).sort(
      (a, b) => b - a,
    );
    expect(dot(first, first)).toBeCloseTo(1, 5);
    // .25 + .35 within a cluster of about 25; the rest of the topic at about .25, the other topic at about 0
    expect(cosines[5]).toBeGreaterThan(0.5);
    expect(cosines[100]).toBeLessThan(0.45);
    expect(cosines.at(-1)).toBeLessThan(0.1);
  });

  it("knows the nearest neighbours, ties by number", () => {
    const passages = Float32Array.of(1, 0, 0, 1, 1, 0, 0.6, 0.8);
    // cosines with (1, 0): 1, 0, 1, .6
    expect(exactNeighbours({ dimensions: 2, passages, queries: Float32Array.of(1, 0) }, 3)).toEqual([
      ["p0", "p2", "p3"],
    ]);
  });
});
