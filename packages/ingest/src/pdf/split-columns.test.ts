import { expect, it } from "vitest";
import type { Segment } from "./segment.js";
import { splitColumns } from "./split-columns.js";

const part = (text: string, x: number, right: number, y: number): Segment => ({
  items: [{ text, x, y, width: right - x, size: 10, font: "f", rightToLeft: false }],
  x,
  right,
  y,
  size: 10,
});
const words = "some words of a line that goes on";
const texts = (regions: Segment[][]) => regions.map((region) => region.map(({ items }) => items[0]!.text));
const column = (name: string, x: number, right: number, lines = 8, top = 100) =>
  Array.from({ length: lines }, (_, n) => part(`${name}${n} ${words}`, x, right, top + n * 12));

it("reads columns one after the other, between the lines that cross them", () => {
  const title = part(`title ${words}`, 50, 550, 80);
  const below = part(`below ${words}`, 50, 550, 300);
  const segments = [title, ...column("l", 50, 290), ...column("r", 310, 550), below];
  expect(texts(splitColumns(segments, 600)).map(([first]) => first!.split(" ")[0])).toEqual([
    "title",
    "l0",
    "r0",
    "below",
  ]);
});

it("finds three columns by dividing twice", () => {
  const segments = [...column("a", 40, 200), ...column("b", 220, 380), ...column("c", 400, 560)];
  expect(texts(splitColumns(segments, 600)).map(([first]) => first!.split(" ")[0])).toEqual(["a0", "b0", "c0"]);
});

it("a table of labels and numbers, and one whose long texts cross the gutter at every row, stay whole", () => {
  const numbers = Array.from({ length: 10 }, (_, n) => part(`${n},765`, 400, 430, 100 + n * 12));
  expect(splitColumns([...column("label", 50, 290, 10), ...numbers], 600)).toHaveLength(1);
  const rows = Array.from({ length: 10 }, (_, n) => [
    part(`role${n} ${words}`, 50, 290, 100 + n * 36),
    part(`past${n} ${words}`, 310, 550, 100 + n * 36),
    part(`wide${n} ${words}`, 200, 420, 112 + n * 36),
  ]).flat();
  expect(splitColumns(rows, 600)).toHaveLength(1);
});

it("a page without text has no region", () => {
  expect(splitColumns([], 600)).toEqual([]);
});
