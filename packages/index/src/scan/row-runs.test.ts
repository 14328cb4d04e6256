import fc from "fast-check";
import { expect, it } from "vitest";
import { rowRuns } from "./row-runs.js";

it("names the runs of what is chosen, counted from the first row looked at", () => {
  expect(rowRuns(Uint8Array.of(0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0), 1, 9)).toEqual([0, 2, 3, 5]);
});

it("covers what is chosen and nothing else", () => {
  const stretch = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(
      fc.array(stretch),
      fc.nat(90),
      fc.nat(90),
      fc.integer({ min: 0, max: 3 }),
      (stretches, a, b, offset) => {
        const bits = stretches.flatMap(([bit, count]) => new Array<number>(count).fill(bit));
        const mask = Uint8Array.from([...new Array<number>(offset).fill(0), ...bits]).subarray(offset);
        const [from, to] = [Math.min(a, b, bits.length), Math.min(Math.max(a, b), bits.length)];
        const runs = rowRuns(mask, from, to);
        const covered = new Array<number>(to - from).fill(0);
        for (let i = 0; i < runs.length; i += 2) covered.fill(1, runs[i]!, runs[i]! + runs[i + 1]!);
        expect(covered).toEqual(bits.slice(from, to));
        // each run begins after a row that is not chosen
        for (let i = 2; i < runs.length; i += 2) expect(runs[i]!).toBeGreaterThan(runs[i - 2]! + runs[i - 1]!);
      },
    ),
  );
});
