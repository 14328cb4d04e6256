import { expect, it } from "vitest";
import type { SourceText } from "../source/source-text.js";
import { assemblePassages } from "./assemble-passages.js";

it("gives a passage the pages that begin inside it, and no others", () => {
  const sourceText: SourceText = {
    source: { id: "s", title: "", mediaType: "application/pdf", version: "1", metadata: {} },
    text: "0123456789".repeat(4),
    pages: [
      { page: 1, start: 0 },
      { page: 2, start: 10 },
      { page: 3, start: 20 },
      { page: 4, start: 30 },
    ],
    headings: [],
  };
  const passages = assemblePassages(sourceText, [
    [0, 10],
    [5, 21],
    [10, 31],
    [20, 30],
  ]);
  expect(passages.map(({ page, pageBreaks }) => [page, pageBreaks])).toEqual([
    [1, undefined],
    [1, sourceText.pages.slice(1, 3)],
    [2, sourceText.pages.slice(2, 4)],
    [3, undefined],
  ]);
});
