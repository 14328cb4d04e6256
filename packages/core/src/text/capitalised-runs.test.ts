import { expect, it } from "vitest";
import { capitalisedRuns } from "./capitalised-runs.js";

const names = (text: string): string[] => capitalisedRuns(text).map(({ text: name }) => name);

it.each([
  ["The Bank of England hired Ludwig van Beethoven.", ["Bank of England", "Ludwig van Beethoven"]],
  ["When He met J. K. Rowling. Paris was far.", ["J. K. Rowling", "Paris"]],
  ["Apollo 11 and the Moon", ["Apollo 11 and the Moon"]],
  ["University of New South Wales", ["University of New South Wales", "New South", "South Wales"]],
  ["It is US law.", []],
  ["Café Élysée's Jean-Paul", ["Café Élysée", "Jean-Paul"]],
])("finds the names of %j", (text, expected) => {
  expect(names(text)).toEqual(expected);
});

it("gives folded keys and exact spans", () => {
  expect(capitalisedRuns("in São Paulo")).toEqual([{ key: "sao paulo", text: "São Paulo", span: [3, 12] }]);
});
