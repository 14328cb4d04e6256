import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sentences } from "./sentences.js";

const cut = (text: string): string[] => sentences(text).map((span) => text.slice(...span));

describe("sentences", () => {
  it.each([
    ["One. Two! Three?", ["One.", "Two!", "Three?"]],
    [
      "Mr. J. K. Smith of Apple Inc. met Dr. No. They spoke.",
      ["Mr. J. K. Smith of Apple Inc. met Dr. No.", "They spoke."],
    ],
    ["He moved to the U.S. The move cost 3.5 million.", ["He moved to the U.S.", "The move cost 3.5 million."]],
    ["The U.S. Navy came at 5 p.m. It left.", ["The U.S. Navy came at 5 p.m.", "It left."]],
    ["See e.g. Figure 2. And No. 5 on Jan. 3 there.", ["See e.g. Figure 2.", "And No. 5 on Jan. 3 there."]],
    ['He said "Stop." Then "Why?" she asked.', ['He said "Stop."', 'Then "Why?" she asked.']],
    ["Wait... what? Well… Yes (of course.) No.", ["Wait... what?", "Well…", "Yes (of course.)", "No."]],
    ["東京は首都です。「本当？」はい！", ["東京は首都です。", "「本当？」", "はい！"]],
    ["# Title\nText goes on\nand on.\n\nNext", ["# Title", "Text goes on\nand on.", "Next"]],
    ["Items:\n- one\n- two\n1. three", ["Items:", "- one", "- two", "1. three"]],
    [
      "This line was wrapped by its author at seventy columns, which\nThey often do.",
      ["This line was wrapped by its author at seventy columns, which\nThey often do."],
    ],
    ["", []],
    [" \n ", []],
  ])("cuts %j", (text, expected) => {
    expect(cut(text)).toEqual(expected);
  });

  it("takes rows of tables and records one by one, however long", () => {
    const rows = [
      "Product: Laptop; Return window: 30 days; Refund: full refund",
      "Product: Headphones; Return window: 14 days; Refund: store credit",
      "Purchases of property, plant and equipment (PP&E)  (1,577)  (1,373)",
      "Proceeds from sale of PP&E and other assets, net of taxes  262  49",
    ];
    expect(cut(rows.join("\n"))).toEqual(rows);
    const wrapped =
      "A sentence that is wrapped at the width of a page goes on\nin the next line.  And this one too: see there.";
    expect(cut(wrapped)).toHaveLength(2);
  });

  it("looks at nothing outside [start, end)", () => {
    expect(sentences("One. Two. Three.", { start: 5, end: 9 })).toEqual([[5, 9]]);
    expect(sentences("One. Two", { start: 0, end: 0 })).toEqual([]);
  });

  it("covers whatever is not white space, in order, cutting no surrogate pair", () => {
    const piece = fc.oneof(
      fc.constantFrom(". ", "\n", "\n\n", "Mr. ", "。", "...", '"', "A", "b", "😀", " "),
      fc.string({ unit: "grapheme" }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom(1, 300), (pieces, times) => {
        const text = pieces.join("").repeat(times);
        let last = 0;
        for (const [start, end] of sentences(text)) {
          expect(text.slice(last, start).trim()).toBe("");
          expect(text.slice(start, end)).toBe(text.slice(start, end).trim());
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(1000);
          expect(/[\ud800-\udbff]$/.test(text.slice(start, end)) && /^[\udc00-\udfff]/.test(text.slice(end))).toBe(
            false,
          );
          last = end;
        }
        expect(text.slice(last).trim()).toBe("");
      }),
      { numRuns: 60 },
    );
  });
});
