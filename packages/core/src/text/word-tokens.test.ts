import { expect, it } from "vitest";
import { wordTokens } from "./word-tokens.js";

it("folds runs of letters and digits, with spans", () => {
  expect(wordTokens("São-Tomé 1470, e\u0301")).toEqual([
    { term: "sao", span: [0, 3] },
    { term: "tome", span: [4, 8] },
    { term: "1470", span: [9, 13] },
    { term: "e", span: [15, 17] },
  ]);
});
