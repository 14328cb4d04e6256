import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutToTokens } from "./cut-to-tokens.js";

const words = (text: string): number => text.match(/\S+/g)?.length ?? 0;

describe("cutToTokens", () => {
  it("keeps what fits, and as much as fits of the rest", () => {
    expect(cutToTokens("one two three", 3, words)).toBe("one two three");
    expect(cutToTokens("one two three", 2, words)).toBe("one two ");
    expect(cutToTokens("one", 0, words)).toBe("");
  });

  it("is a beginning that fits and never ends in half a character (property)", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(8), (text, most) => {
        const length = (part: string): number => part.length;
        const cut = cutToTokens(text, most, length);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});
