import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapInterval } from "./bootstrap-interval.js";
import { normalBelow, normalQuantile } from "./normal.js";
import { randomisationTest } from "./randomisation-test.js";
import { seededRandom } from "./seeded-random.js";

const anyDifferences = fc.array(
  fc.integer({ min: -12, max: 12 }).map((twelfths) => twelfths / 12),
  {
    minLength: 2,
    maxLength: 40,
  },
);

describe("normal", () => {
  it("agrees with the table", () => {
    // Φ(0) = .5, Φ(1) = .8413447460685429, Φ(1.959963984540054) = .975
    expect(normalBelow(0)).toBe(0.5);
    expect(normalBelow(1)).toBeCloseTo(0.841_344_746_068_542_9, 14);
    expect(normalBelow(-3)).toBeCloseTo(0.001_349_898_031_630_094_6, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959_963_984_540_054, 12);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959_963_984_540_054, 12);
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
  });
});

describe("randomisationTest", () => {
  it("goes through every sign pattern of few differences, by hand", async () => {
    // 8 patterns of ±1 ±2 ±3; |sum| of 6 or more: +++ and −−−
    expect(await randomisationTest([1, 2, 3])).toEqual({ p: 2 / 8, exact: true, patterns: 8 });
    // |1 + 2 − 3| = 0: every pattern is as far
    expect((await randomisationTest([1, 2, -3])).p).toBe(1);
    // |3 + 2 − 1| = 4 or more: +++, ++−(3 2 −1), and their mirror images
    expect((await randomisationTest([-1, 2, 3])).p).toBe(4 / 8);
    // a difference of 0 changes nothing
    expect((await randomisationTest([0, 1, 0, 2, 3])).p).toBe(2 / 8);
  });

  it("runs that are alike have p = 1", async () => {
    expect(await randomisationTest([0, 0, 0])).toMatchObject({ p: 1, exact: true });
    expect((await randomisationTest(new Array(500).fill(0))).p).toBe(1);
  });

  it("sums that differ in the last digit only are alike", async () => {
    // .1 + .2 − .3 is 5.6e-17, not 0: six patterns of eight would seem nearer
    expect((await randomisationTest([0.1, 0.2, 0.3])).p).toBe(2 / 8);
    expect((await randomisationTest([0.1, 0.2, -0.3])).p).toBe(1);
  });

  it("draws where there are too many, and agrees with the exact p", async () => {
    const differences = Array.from({ length: 17 }, (_, index) => (index % 3 === 0 ? -0.3 : 0.25));
    // by hand: 6 of −.3 and 11 of +.25 add up to .95; of the 2^17 patterns C(6,i)·C(11,j) have the sum (6−2i)·.3 + (11−2j)·.25
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    let asFar = 0;
    for (let i = 0; i <= 6; i += 1) {
      for (let j = 0; j <= 11; j += 1) {
        if (Math.abs((6 - 2 * i) * 0.3 + (11 - 2 * j) * 0.25) >= 0.95 - 1e-9) asFar += choose(6, i) * choose(11, j);
      }
    }
    const { p, exact, patterns } = await randomisationTest(differences, { resamples: 50_000 });
    expect([exact, patterns]).toEqual([false, 50_000]);
    expect(p).toBeCloseTo(asFar / 2 ** 17, 2);
    // never below 1 / (resamples + 1)
    expect((await randomisationTest(new Array(100).fill(1), { resamples: 999 })).p).toBe(1 / 1000);
  });

  it("p lies in (0, 1], whoever is called first", async () => {
    await fc.assert(
      fc.asyncProperty(anyDifferences, async (differences) => {
        const { p } = await randomisationTest(differences, { resamples: 200 });
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(
          (
            await randomisationTest(
              differences.map((x) => -x),
              { resamples: 200 },
            )
          ).p,
        ).toBe(p);
      }),
    );
  });

  it("refuses what is no test", async () => {
    await expect(randomisationTest([])).rejects.toMatchObject({ code: "nothing-to-do" });
    await expect(randomisationTest([1, Number.NaN])).rejects.toMatchObject({ code: "invalid-option" });
    await expect(randomisationTest([1], { resamples: 0 })).rejects.toMatchObject({ code: "invalid-option" });
    await expect(randomisationTest([1], { seed: 1 } as object)).rejects.toMatchObject({ code: "invalid-option" });
  });
});

describe("bootstrapInterval", () => {
  it("of many normal values is near the textbook's", async () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 400 }, () => normalQuantile(random() || 0.5) + 0.1);
    const mean = values.reduce((a, b) => a + b) / 400;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 399);
    const interval = await bootstrapInterval(values);
    expect(interval.mean).toBeCloseTo(mean, 12);
    expect(interval.low).toBeCloseTo(mean - (1.96 * deviation) / 20, 1.7);
    expect(interval.high).toBeCloseTo(mean + (1.96 * deviation) / 20, 1.7);
  });

  it("covers the true mean about as often as it says", async () => {
    // 60 values, exponential with mean 1: skewed; a 90 % interval should hold 1 in about 180 of 200 samples
    const random = seededRandom(11);
    let covered = 0;
    for (let round = 0; round < 200; round += 1) {
      const values = Array.from({ length: 60 }, () => -Math.log(1 - random()));
      const { low, high } = await bootstrapInterval(values, { level: 0.9, resamples: 500, runtime: { random } });
      if (low <= 1 && 1 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThan(164);
    expect(covered).toBeLessThan(196);
  });

  it("holds the mean, widens with the level, and turns around with the sign", async () => {
    await fc.assert(
      fc.asyncProperty(anyDifferences, async (values) => {
        const wide = await bootstrapInterval(values, { resamples: 500, level: 0.99 });
        const narrow = await bootstrapInterval(values, { resamples: 500, level: 0.8 });
        const turned = await bootstrapInterval(
          values.map((x) => -x),
          { resamples: 500, level: 0.99 },
        );
        const slack = 1e-12;
        expect(narrow.low).toBeLessThanOrEqual(narrow.mean + slack);
        expect(narrow.high).toBeGreaterThanOrEqual(narrow.mean - slack);
        expect(wide.low).toBeLessThanOrEqual(narrow.low + slack);
        expect(wide.high).toBeGreaterThanOrEqual(narrow.high - slack);
        expect(turned.low).toBeCloseTo(-wide.high, 9);
        expect(turned.high).toBeCloseTo(-wide.low, 9);
      }),
    );
  });

  it("is the same for the same seed, and takes chance from where it is told", async () => {
    const values = [0, 0.5, 0.25, 1, 0, 0, -0.5, 0.75];
    expect(await bootstrapInterval(values)).toEqual(await bootstrapInterval(values));
    const other = await bootstrapInterval(values, { resamples: 100, runtime: { random: seededRandom(9) } });
    expect(other).not.toEqual(await bootstrapInterval(values, { resamples: 100 }));
    expect(await bootstrapInterval([0.25, 0.25, 0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25, level: 0.95 });
  });

  it("refuses what has no interval, and stops when told", async () => {
    await expect(bootstrapInterval([1])).rejects.toMatchObject({ code: "nothing-to-do" });
    await expect(bootstrapInterval([1, Number.POSITIVE_INFINITY])).rejects.toMatchObject({ code: "invalid-option" });
    for (const wrong of [{ level: 0 }, { level: 1 }, { resamples: 99 }, { seed: 4 } as object]) {
      await expect(bootstrapInterval([1, 2], wrong)).rejects.toMatchObject({ code: "invalid-option" });
    }
    const controller = new AbortController();
    const going = bootstrapInterval(
      Array.from({ length: 2000 }, (_, x) => x),
      { resamples: 100_000, signal: controller.signal },
    );
    controller.abort(new Error("enough"));
    await expect(going).rejects.toThrow("enough");
  });
});
