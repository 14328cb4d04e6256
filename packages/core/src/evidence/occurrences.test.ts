import fc from "fast-check";
import { expect, it } from "vitest";
import { firstOccurrence } from "./occurrences.js";

const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 30 });

it("finds what indexOf finds", () => {
  fc.assert(
    fc.property(
      text,
      fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 5 }),
      fc.nat(30),
      (whole, sought, from) => {
        const expected = whole.indexOf(sought, from);
        expect(firstOccurrence(whole, sought, { from })).toBe(expected === -1 ? undefined : expected);
      },
    ),
  );
});

it("shows every occurrence to accept, overlapping ones too", () => {
  const seen: number[] = [];
  expect(firstOccurrence("aaaa", "aa", { accept: (start) => seen.push(start) > 9 })).toBeUndefined();
  expect(seen).toEqual([0, 1, 2]);
  expect(firstOccurrence("aaaa", "")).toBeUndefined();
});
