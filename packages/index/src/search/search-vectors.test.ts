import { passageId, scope } from "@clew/core";
import { seededRandom } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantise } from "../segment/quantise.js";
import { SegmentBuilder } from "../segment/segment-builder.js";
import { pacer } from "../state/pacer.js";
import { visibleRows } from "../state/selection.js";
import { dot, searchVectors } from "./search-vectors.js";

const weights = { title: 1, headings: 1, context: 1, text: 1 };

/** A state of segments of the given sizes, with random vectors, some of them equal. */
async function filled(seed: number, sizes: readonly number[], dimensions: number) {
  const random = seededRandom(seed);
  const vectors = sizes.map((size) =>
    Array.from({ length: size }, () => {
      const few = random() < 0.2;
      return unit(Array.from({ length: dimensions }, () => (few ? Math.round(random() * 2) - 1 : random() - 0.4)));
    }),
  );
  const sources = new Map();
  const segments = [];
  for (const [at, rows] of vectors.entries()) {
    const builder = new SegmentBuilder(weights);
    builder.add(`s${at}`, {
      ids: rows.map((_, row) => passageId(`${(row * 7919) % 1009}-${at}-${row}`)),
      pages: new Uint32Array(rows.length),
      fieldLengths: new Uint32Array(rows.length * 4),
      terms: [],
      postings: new Uint8Array(),
      vectors: quantise(
        rows,
        dimensions,
        rows.map(() => "0".repeat(32)),
      ),
    });
    const segment = await builder.finish(pacer());
    segments.push({ segment, deadRows: 0 });
    const record = {
      id: `s${at}`,
      title: "",
      mediaType: "",
      version: "",
      metadata: {},
      passages: rows.length,
      syncedAt: 0,
    };
    sources.set(`s${at}`, { record, segment, first: 0 });
  }
  return {
    vectors,
    state: { generation: 1, sources, segments },
    query: unit(Array.from({ length: dimensions }, () => random() - 0.5)),
  };
}

const unit = (values: readonly number[]): Float32Array => {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
};

describe("searchVectors", () => {
  it("equals the full scan in 32-bit floats, ties and deleted rows included", async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        sizes,
        fc.integer({ min: 1, max: 35 }),
        fc.integer({ min: 1, max: 50 }),
        async (seed, counts, dimensions, k) => {
          const { vectors, state, query } = await filled(seed, counts, dimensions);
          const visible = visibleRows(state, scope("acme"), "optional");
          const random = seededRandom(seed);
          const masks = visible.masks.map((mask) => mask.map(() => (random() < 0.8 ? 1 : 0)));
          const found = await searchVectors(state, {
            query,
            chosen: { masks, size: 0 },
            k,
            exact: (segment, row) => vectors[segment]![row]!,
          });
          const all = vectors.flatMap((rows, segment) =>
            rows.map((vector, row) => ({
              segment,
              row,
              id: state.segments[segment]!.segment.ids[row]!,
              score: dot(vector, query),
            })),
          );
          const expected = all
            .filter(({ segment, row }) => masks[segment]![row] === 1)
            .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
            .slice(0, k);
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("reads few exact vectors: what the bound rules out is not rescored", async () => {
    const { vectors, state, query } = await filled(5, [4000], 64);
    let read = 0;
    const exact = (segment: number, row: number): Float32Array => {
      read++;
      return vectors[segment]![row]!;
    };
    await searchVectors(state, { query, chosen: visibleRows(state, scope("acme"), "optional"), k: 10, exact });
    expect(read).toBeGreaterThanOrEqual(10);
    expect(read).toBeLessThan(400);
  });
});
