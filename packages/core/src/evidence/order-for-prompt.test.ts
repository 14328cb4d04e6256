import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderForPrompt } from "./order-for-prompt.js";

describe("orderForPrompt", () => {
  it("puts the best first, the second best last, the weakest in the middle", () => {
    expect(orderForPrompt([1, 2, 3, 4, 5])).toEqual([1, 3, 5, 4, 2]);
    expect(orderForPrompt([1, 2, 3, 4])).toEqual([1, 3, 4, 2]);
    expect(orderForPrompt([1])).toEqual([1]);
    expect(orderForPrompt([])).toEqual([]);
  });

  it("loses nothing, and no item stands nearer to an end than a better one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (length) => {
        const ranks = Array.from({ length }, (_, index) => index);
        const ordered = orderForPrompt(ranks);
        expect([...ordered].sort((a, b) => a - b)).toEqual(ranks);
        const toEnd = (rank: number): number => Math.min(ordered.indexOf(rank), length - 1 - ordered.indexOf(rank));
        for (const rank of ranks.slice(1)) expect(toEnd(rank)).toBeGreaterThanOrEqual(toEnd(rank - 1));
      }),
    );
  });
});
