import { passageId } from "@clew/core";
import { seededRandom } from "@clew/core/testing";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { CodeArena } from "../scan/code-arena.js";
import { ScanPool } from "../scan/scan-pool.js";
import { quantise } from "../segment/quantise.js";
import { SegmentBuilder } from "../segment/segment-builder.js";
import { VectorsBuilder } from "../segment/vectors-builder.js";
import { pacer } from "../state/pacer.js";
import type { Selection } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { dot } from "./dot.js";
import { searchVectors } from "./search-vectors.js";
import type { ScoredRow } from "./top-k.js";

const weights = { title: 1, headings: 1, context: 1, text: 1 };
const pool = new ScanPool({ entry: new URL("../../dist/scan/scan-worker.js", import.meta.url) });
const lease = pool.lease();
afterAll(() => lease.end());

type Vectors = readonly (readonly Float32Array[])[];

/** A state of one segment a list, in blocks of a few rows. */
async function stateOf(
  vectors: Vectors,
  dimensions: number,
  arena?: CodeArena,
  blockBytes = 512,
): Promise<TenantState> {
  const segments = [];
  for (const [at, rows] of vectors.entries()) {
    const quantised = quantise(
      rows,
      dimensions,
      rows.map(() => "0".repeat(32)),
    );
    const builder = new SegmentBuilder(weights);
    builder.add(`s${at}`, {
      ids: rows.map((_, row) => passageId(`${(row * 7919) % 1009}-${at}-${row}`)),
      pages: new Uint32Array(rows.length),
      fieldLengths: new Uint32Array(rows.length * 4),
      terms: [],
      postings: new Uint8Array(),
    });
    const codes = new VectorsBuilder({ dimensions, arena, blockBytes });
    codes.append(quantised);
    segments.push({ segment: { ...(await builder.finish(pacer())), vectors: codes.done() }, deadRows: 0 });
  }
  return { generation: 1, sources: new Map(), segments };
}

const everything = (vectors: Vectors): Selection => ({
  masks: vectors.map((rows) => new Uint8Array(rows.length).fill(1)),
  size: vectors.flat().length,
});

/** The ranking by exact scores of all chosen rows. */
function exhaustive(state: TenantState, vectors: Vectors, { masks }: Selection, query: Float32Array, k: number) {
  return vectors
    .flatMap((rows, segment) =>
      rows.map((vector, row): ScoredRow => {
        const id = state.segments[segment]!.segment.ids[row]!;
        return { segment, row, id, score: dot(vector, query) };
      }),
    )
    .filter(({ segment, row }) => masks[segment]![row] === 1)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, k);
}

const unit = (values: readonly number[]): Float32Array => {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
};

/** Vectors as embedders make them, some of them equal or nearly so. */
function embedded(
  seed: number,
  sizes: readonly number[],
  dimensions: number,
): { vectors: Vectors; query: Float32Array } {
  const random = seededRandom(seed);
  const vectors = sizes.map((size) =>
    Array.from({ length: size }, () => {
      const few = random() < 0.2;
      return unit(Array.from({ length: dimensions }, () => (few ? Math.round(random() * 2) - 1 : random() - 0.4)));
    }),
  );
  return { vectors, query: unit(Array.from({ length: dimensions }, () => random() - 0.5)) };
}

const component = fc.oneof(
  { weight: 4, arbitrary: fc.float({ min: -1, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, -1, 1.401298464324817e-45, -1e-40, 3.4028234663852886e38, -1e38) },
  { weight: 1, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
);
const anyScope = fc.integer({ min: 1, max: 70 }).chain((dimensions) => {
  const vector = fc
    .array(component, { minLength: dimensions, maxLength: dimensions })
    .map((all) => new Float32Array(all));
  // a few vectors, many times: ties
  const rows = fc
    .array(vector, { minLength: 1, maxLength: 8 })
    .chain((few) => fc.array(fc.constantFrom(...few, new Float32Array(dimensions)), { maxLength: 40 }));
  return fc.record({
    dimensions: fc.constant(dimensions),
    vectors: fc.array(rows, { minLength: 1, maxLength: 3 }),
    query: vector,
    k: fc.integer({ min: 1, max: 60 }),
    seed: fc.nat(),
    dense: fc.constantFrom(0, 0.05, 0.5, 0.95, 1),
  });
});

const drawn = (vectors: Vectors, seed: number, share: number): Selection => {
  const random = seededRandom(seed);
  const masks = vectors.map((rows) => Uint8Array.from(rows, () => (random() < share ? 1 : 0)));
  return { masks, size: 0 };
};

describe.each([
  ["kernel", () => new CodeArena()],
  ["plain", () => new CodeArena({ pages: 0 })],
] as const)("searchVectors (%s)", (_, makeArena) => {
  const arena = makeArena();

  it("equals the full scan whatever the numbers: ties, zeros, tiny and huge ones, filters, more asked than there is", async () => {
    await fc.assert(
      fc.asyncProperty(anyScope, async ({ dimensions, vectors, query, k, seed, dense }) => {
        const state = await stateOf(vectors, dimensions, arena);
        const chosen = drawn(vectors, seed, dense);
        const exact = (segment: number, row: number): Float32Array => vectors[segment]![row]!;
        const found = await searchVectors(state, { query, chosen, k, exact, threads: 1 });
        expect(found).toEqual(exhaustive(state, vectors, chosen, query, k));
      }),
      { numRuns: 300 },
    );
  });

  it("equals the full scan over vectors of an embedder's kind", async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 1, maxLength: 4 });
    const [dimensions, k] = [fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 50 })];
    await fc.assert(
      fc.asyncProperty(fc.nat(), sizes, dimensions, k, async (seed, counts, width, most) => {
        const { vectors, query } = embedded(seed, counts, width);
        const state = await stateOf(vectors, width, arena);
        const chosen = drawn(vectors, seed, 0.8);
        const exact = (segment: number, row: number): Float32Array => vectors[segment]![row]!;
        const found = await searchVectors(state, { query, chosen, k: most, exact, threads: 1 });
        expect(found).toEqual(exhaustive(state, vectors, chosen, query, most));
      }),
      { numRuns: 100 },
    );
  });

  it("counts what quantising the query loses: rows that have no error of their own differ in it alone", async () => {
    const random = seededRandom(9);
    const dimensions = 40;
    // whole numbers up to 127 are codes; the query's first component makes all others vanish in 16 bits
    const whole = () =>
      Float32Array.from({ length: dimensions }, (_, i) => (i === 0 ? 0 : i === 1 ? 127 : Math.round(random() * 9)));
    const vectors = [Array.from({ length: 60 }, whole)];
    const query = Float32Array.from({ length: dimensions }, (_, i) => (i === 0 ? 1 : random() * 1e-5));
    const state = await stateOf(vectors, dimensions, arena);
    const chosen = everything(vectors);
    const exact = (segment: number, row: number): Float32Array => vectors[segment]![row]!;
    const found = await searchVectors(state, { query, chosen, k: 5, exact, threads: 1 });
    expect(found).toEqual(exhaustive(state, vectors, chosen, query, 5));
  });

  it("reads few exact vectors: what the bound rules out is not rescored", async () => {
    const { vectors, query } = embedded(5, [4000], 64);
    let read = 0;
    const exact = (segment: number, row: number): Float32Array => {
      read++;
      return vectors[segment]![row]!;
    };
    const state = await stateOf(vectors, 64, arena);
    await searchVectors(state, { query, chosen: everything(vectors), k: 10, exact, threads: 1 });
    expect(read).toBeGreaterThanOrEqual(10);
    expect(read).toBeLessThan(100);
  });
});

describe("searchVectors with helpers", () => {
  it("finds the same with other threads as alone", async () => {
    const { vectors, query } = embedded(3, [30_000, 9_000], 160);
    const state = await stateOf(vectors, 160, undefined, 1 << 18);
    const chosen = drawn(vectors, 4, 0.9);
    const exact = (segment: number, row: number): Float32Array => vectors[segment]![row]!;
    const alone = await searchVectors(state, { query, chosen, k: 20, exact, threads: 1 });
    expect(alone).toEqual(exhaustive(state, vectors, chosen, query, 20));
    const helped = { query, chosen, k: 20, exact, threads: 4, pool, helpedBytes: 1 };
    for (let round = 0; round < 20; round++) {
      const searches = [0, 1, 2].map(() => searchVectors(state, helped));
      for (const found of await Promise.all(searches)) expect(found).toEqual(alone);
    }
    expect(pool.size).toBe(3);
  });
});
