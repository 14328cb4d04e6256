import fc from "fast-check";
import { expect, it } from "vitest";
import { numbersIn } from "./numbers-in.js";

it.each([
  ["1,577 and 1577", [[1577], [1577]]],
  ["$1.5 million", [[1_500_000, "USD"]]],
  ["US$ 3bn, €2m, 5 m", [[3e9, "USD"], [2e6, "EUR"], [5]]],
  [
    "12.5% or 3 percent",
    [
      [12.5, "%"],
      [3, "%"],
    ],
  ],
  ["a loss of (1,577) and -3 and −4", [[-1577], [-3], [-4]]],
  ["(2019) to 10-K", [[-2019], [10]]],
  ["5 billion dollars", [[5e9, "USD"]]],
  ["v2, 1.2.3, B12", []],
  ["3.5kg", [[3.5]]],
  ["1,57 in all", []],
  ["0", [[0]]],
] as const)("reads %j", (text, expected) => {
  expect(numbersIn(text).map(({ value, unit }) => (unit === undefined ? [value] : [value, unit]))).toEqual(expected);
});

it("gives exact spans", () => {
  const text = "It cost $1.5 million (of 20 m) in all";
  expect(numbersIn(text).map(({ span }) => text.slice(...span))).toEqual(["$1.5 million", "20"]);
});

it("reads what was written", () => {
  fc.assert(
    fc.property(fc.nat(), (value) => {
      expect(numbersIn(`x ${value.toLocaleString("en-US")} y`).map((found) => found.value)).toEqual([value]);
    }),
  );
});
