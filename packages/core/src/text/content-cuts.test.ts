import { expect, it } from "vitest";
import { contentCuts } from "./content-cuts.js";

const units = (...hashes: number[]) => hashes.map((hash) => ({ tokens: 10, hash }));

it("cuts before the greatest hash of each window", () => {
  // a window of 20 tokens is two units to each side: 9 and 8 win theirs
  expect(contentCuts(units(5, 1, 6, 9, 2, 3, 8, 4, 1, 1), { maxTokens: 100, windowTokens: 20 })).toEqual([0, 3, 6]);
  expect(contentCuts([], { maxTokens: 10, windowTokens: 1 })).toEqual([]);
});

it("cuts what is too long where both halves fit, at the greatest hash", () => {
  // the window reaches both ends; 9 is the greatest, but only 4 leaves 30 tokens on both sides
  expect(contentCuts(units(1, 9, 8, 4, 3, 2), { maxTokens: 50, windowTokens: 100 })).toEqual([0, 1]);
  expect(contentCuts(units(1, 9, 8, 4, 3, 2), { maxTokens: 30, windowTokens: 100 })).toEqual([0, 3]);
});

it("lets a unit above the maximum stand alone", () => {
  const [small, large] = [
    { tokens: 1, hash: 1 },
    { tokens: 99, hash: 0 },
  ];
  expect(contentCuts([small, large, small, small], { maxTokens: 50, windowTokens: 0 })).toEqual([0, 1, 2, 3]);
  expect(contentCuts([small, large, small], { maxTokens: 50, windowTokens: 90 })).toEqual([0, 1, 2]);
});
