import fc from "fast-check";
import { expect, it } from "vitest";
import { shareOut } from "./share-out.js";

it("shares out equal parts, the remainder to the first", () => {
  // by hand: 1,000 tokens over 3 are 334, 333, 333; 7 hops are 3, 2, 2; two rounds share the time
  const left = { tokens: 1000, usd: 1.5, ms: 9001, hops: 7, calls: 3 };
  expect(shareOut({ left, open: 3, starting: 2, rounds: 2 })).toEqual([
    { tokens: 334, usd: 0.5, ms: 4500, hops: 3, calls: 1 },
    { tokens: 333, usd: 0.5, ms: 4500, hops: 2, calls: 1 },
  ]);
});

it("gives what is too little for all to the first", () => {
  expect(shareOut({ left: { hops: 2 }, open: 3, starting: 3, rounds: 1 })).toEqual([
    { hops: 1 },
    { hops: 1 },
    { hops: 0 },
  ]);
});

it("leaves limits that do not bind alone", () => {
  expect(shareOut({ left: {}, open: 2, starting: 2, rounds: 1 })).toEqual([{}, {}]);
});

it("never gives out more than there is, over all rounds, when each spends its whole share", () => {
  const amount = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
  const budget = fc.record({ tokens: amount, usd: amount, hops: amount, calls: amount, ms: amount });
  fc.assert(
    fc.property(
      budget,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      (whole, sections, parallel) => {
        const spent = { tokens: 0, usd: 0, hops: 0, calls: 0, ms: 0 };
        for (let begun = 0; begun < sections; begun += parallel) {
          const open = sections - begun;
          const left = Object.fromEntries(
            Object.entries(whole).flatMap(([limit, all]) =>
              all === undefined ? [] : [[limit, Math.max(0, all - spent[limit as keyof typeof spent])]],
            ),
          );
          const starting = Math.min(open, parallel);
          const shares = shareOut({ left, open, starting, rounds: Math.ceil(open / parallel) });
          expect(shares).toHaveLength(starting);
          for (const share of shares) {
            for (const limit of ["tokens", "usd", "hops", "calls"] as const) spent[limit] += share[limit] ?? 0;
          }
          spent.ms += Math.max(0, ...shares.map(({ ms = 0 }) => ms));
        }
        for (const [limit, all] of Object.entries(whole)) {
          // sums of money are rounded as floats are
          const rounding = limit === "usd" ? 1e-9 : 0;
          if (all !== undefined) expect(spent[limit as keyof typeof spent]).toBeLessThanOrEqual(all + rounding);
        }
      },
    ),
  );
});
