import fc from "fast-check";
import { expect, it } from "vitest";
import { Contenders } from "./contenders.js";

const bounds = fc.array(
  fc.tuple(fc.integer({ min: -9, max: 9 }), fc.constantFrom(0, 0.5, 3, Number.POSITIVE_INFINITY, Number.NaN)),
  { maxLength: 60 },
);

it("gives all rows whose upper bound reaches the k-th lower bound, best upper bound first", () => {
  fc.assert(
    fc.property(bounds, fc.integer({ min: 1, max: 20 }), (all, k) => {
      const contenders = new Contenders(k);
      for (const [row, [middle, error]] of all.entries()) {
        if (!(middle + error < contenders.floor)) contenders.offer(1, row, middle - error, middle + error);
      }
      const lowers = all.map(([middle, error]) => middle - error).filter((lower) => lower > Number.NEGATIVE_INFINITY);
      const floor = lowers.sort((a, b) => b - a)[k - 1] ?? Number.NEGATIVE_INFINITY;
      expect(contenders.floor).toBe(floor);
      const upper = ([middle, error]: [number, number]): number =>
        Number.isNaN(error) ? Number.POSITIVE_INFINITY : middle + error;
      const given = [];
      for (let next = contenders.next(); next !== undefined; next = contenders.next()) given.push(next);
      const rows = [...all.keys()].filter((row) => upper(all[row]!) >= floor);
      expect(given.map(({ row }) => row).sort((a, b) => a - b)).toEqual(rows);
      for (const [at, next] of given.entries()) {
        expect(next.upper).toBe(upper(all[next.row]!));
        if (at > 0) expect(next.upper).toBeLessThanOrEqual(given[at - 1]!.upper);
      }
    }),
  );
});
