import fc from "fast-check";
import { expect, it } from "vitest";
import { isWordBoundary, wholeWords } from "./word-boundary.js";

it.each([
  ["start the", 1, 3, "start"],
  ["15 million", 1, 10, "15 million"],
  ["1,577.25", 2, 5, "1,577.25"],
  ["at -5 now", 4, 5, "-5"],
  ["10-20", 3, 5, "20"],
  ["the end.", 4, 7, "end"],
  ["東京都", 0, 2, "東京"],
  ["e\u0301te\u0301", 0, 1, "e\u0301te\u0301"],
])("widens %j [%d, %d) to %j", (text, start, end, expected) => {
  expect(text.slice(...wholeWords(text, [start, end]))).toBe(expected);
});

it("leaves words without end cut", () => {
  expect(wholeWords("a".repeat(500), [200, 210])).toEqual([200, 210]);
});

it("never shrinks, and ends on boundaries", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ab1.,- é東"), maxLength: 20 }),
      fc.nat(20),
      fc.nat(20),
      (text, a, b) => {
        const span = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)] as const;
        const [start, end] = wholeWords(text, span);
        expect(start <= span[0] && span[1] <= end).toBe(true);
        expect([isWordBoundary(text, start), isWordBoundary(text, end)]).toEqual([true, true]);
      },
    ),
  );
});
