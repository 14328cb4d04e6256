import { expect, it } from "vitest";
import type { Line, Region } from "./page-lines.js";
import { runningLines } from "./running-lines.js";

const line = (text: string, y: number): Line => ({ cells: [text], text, x: 72, right: 300, y, size: 10, widestGap: 0 });
const page = (...lines: Line[]): Region[] => [{ lines, pageHeight: 800 }];
const texts = (pages: Region[][]) => [...runningLines(pages)].map(({ text }) => text);

it("left and right pages may have headers of their own", () => {
  const pages = [1, 2, 3, 4, 5, 6].map((n) =>
    page(line(n % 2 ? "The Book" : `Chapter ${n}`, 30), line(`body ${n}`, 200)),
  );
  expect(texts(pages).sort()).toEqual(["Chapter 2", "Chapter 4", "Chapter 6", "The Book", "The Book", "The Book"]);
});

it("a line behind another one is no header, nor is one that repeats in the body of the page", () => {
  const pages = ["a", "b", "c", "d"].map((n) =>
    page(line(`own ${n}`.repeat(3), 30), line("Total", 50), line("Total", 400), line(n, 700)),
  );
  expect(texts(pages)).toEqual([]);
});

it("numbers at the bottom are page numbers only while they count with the pages", () => {
  const count = (numbers: string[]) =>
    texts(numbers.map((number, n) => page(line(`${"abcdef"[n]} text`, 300), line(number, 500))));
  expect(count(["7", "8", "9", "10"])).toEqual(["7", "8", "9", "10"]);
  expect(count(["A-1", "A-2", "A-3"])).toEqual(["A-1", "A-2", "A-3"]);
  expect(count(["- 2 -", "Page 3 of 9", "4"])).toEqual(["- 2 -", "Page 3 of 9", "4"]);
  expect(count(["12", "5", "40", "7"])).toEqual([]);
});
