import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, foldWithMap } from "./fold.js";

const anyText = fc.string({ unit: "grapheme", maxLength: 40 });

describe("fold", () => {
  it.each([
    ["Łódź", "lodz"],
    ["Straße", "strasse"],
    ["İstanbul", "istanbul"],
    ["ΣΊΣΥΦΟΣ", "σισυφοσ"],
    ["ﬁnal ½", "final 1⁄2"],
    ["東京が", "東京が"],
    ["ｶﾞ", "ガ"],
    ["서울", "서울"],
    ["ไทย", "ไทย"],
    ["co\u00adoperate", "cooperate"],
  ])("folds %s", (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it("is idempotent", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});

describe("foldWithMap", () => {
  it("leads back to the original", () => {
    const { text, offsets } = foldWithMap("Die Straße in Łódź");
    const start = text.indexOf("strasse");
    expect([offsets[start], offsets[start + "strasse".length]]).toEqual([4, 10]);
  });

  it("folds as fold does, with offsets that never fall", () => {
    fc.assert(
      fc.property(anyText, (original) => {
        const { text, offsets } = foldWithMap(original);
        expect(text).toBe(fold(original));
        expect(offsets.length).toBe(text.length + 1);
        expect([...offsets]).toEqual([...offsets].sort((a, b) => a - b));
        expect(offsets.at(-1)).toBe(original.length);
      }),
    );
  });
});
