import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinLines, words } from "./join-hyphens.js";

const known = (...lines: string[]) => {
  const all = words();
  for (const line of lines) all.add(line);
  return all;
};

describe("joinLines", () => {
  it.each([
    ["consolidated state-", "ments of income", [], "consolidated statements of income", true],
    ["a long-", "term plan", ["the long-term plan"], "a long-term plan", false],
    ["a long-", "term plan", ["long-term and longterm"], "a longterm plan", true],
    ["state-of-the-", "art work", ["state-of-the-art"], "state-of-the-art work", false],
    ["non-", "GAAP", [], "non-GAAP", false],
    ["2018-", "2019", [], "2018-2019", false],
    ["soft\u00ad", "ware", [], "software", true],
    ["net sales -", "continued", [], "net sales - continued", false],
    ["two", "words", [], "two words", false],
    ["東京は日本の", "首都です", [], "東京は日本の首都です", false],
  ] as const)("%j + %j", (before, after, document, text, hyphenRemoved) => {
    expect(joinLines(before, after, known(...document))).toEqual({ text, hyphenRemoved });
  });

  it("property: nothing but white space and one hyphen is ever lost", () => {
    const bare = (text: string) => text.replace(/[\s\u00ad‐-]/gu, "");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
        const { text } = joinLines(before, after, known());
        expect(bare(text)).toBe(bare(before + after));
        expect(text.length).toBeGreaterThanOrEqual(before.trim().length + after.trim().length - 1);
      }),
    );
  });

  it("a half word at a line end is not taken for a word", () => {
    expect(known("the com-").has("com")).toBe(false);
    expect(known("the Com-mon").has("com-mon")).toBe(true);
  });
});
