import { expect, it } from "vitest";
import { reciprocalRanks } from "./reciprocal-ranks.js";

it("adds reciprocal ranks, ties by id", () => {
  // by hand: b 1/62 + 1/61, a 1/61, c 1/62; the tie of d and e by id
  const rankings = [
    ["a", "b", "e"],
    ["b", "c", "d"],
  ];
  expect(reciprocalRanks(rankings, 5)).toEqual(["b", "a", "c", "d", "e"]);
});
