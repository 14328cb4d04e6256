import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyOf } from "./copy-of.js";
import { SliceCache } from "./slice-cache.js";

describe("SliceCache", () => {
  it("keeps what was used last, within its capacity", () => {
    const cache = new SliceCache(4);
    for (const key of ["a", "b", "c"]) cache.make(key, 0, 1, (made) => made.toUpperCase());
    expect(cache.get("a", 0, 1)).toBe("A");
    for (const key of ["d", "e", "f", "g"]) cache.make(key, 0, 1, (made) => made);
    expect(cache.get("b", 0, 1)).toBeUndefined();
    expect(cache.get("g", 0, 1)).toBe("g");
  });

  it("finds a slice wherever it stands, the empty value too", () => {
    const cache = new SliceCache(4);
    cache.make("stopped", 0, 4, () => "");
    expect(cache.get("don't stop", 6, 10)).toBe("");
    expect(cache.get("don't stop", 6, 9)).toBeUndefined();
  });

  it("never gives the value of another key", () => {
    const key = fc.string({ unit: fc.constantFrom("a", "b", "é", "\u{1f600}"), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), fc.integer({ min: 1, max: 5000 }), (keys, capacity) => {
        const cache = new SliceCache(capacity);
        for (const text of keys) {
          expect([undefined, `<${text}>`]).toContain(cache.get(text, 0, text.length));
          if (cache.get(text, 0, text.length) === undefined) cache.make(text, 0, text.length, (made) => `<${made}>`);
          expect(cache.get(text, 0, text.length)).toBe(`<${text}>`);
        }
      }),
    );
  });
});

describe("copyOf", () => {
  it("copies exactly", () => {
    const text = "é😀".repeat(1000);
    expect(copyOf(text)).toBe(text);
  });
});
