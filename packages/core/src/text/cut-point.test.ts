import { expect, it } from "vitest";
import { cutPoint } from "./cut-point.js";

it.each([
  ["abc", 2, 0, 2],
  ["a😀b", 2, 0, 1],
  ["😀😀", 1, 0, 2],
  ["ae\u0301b", 2, 0, 1],
  ["e\u0301\u0302\u0303", 2, 0, 2],
  ["a👩\u200d👧", 4, 0, 1],
  ["ab", 9, 0, 2],
])("cuts %j at or before %i", (text, at, from, expected) => {
  expect(cutPoint(text, at, from)).toBe(expected);
});
