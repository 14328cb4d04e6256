import { expect, it } from "vitest";
import { termMasks } from "./term-masks.js";

it("tells what sets of terms cover together", () => {
  const masks = termMasks(
    new Map([
      ["minos", 3],
      ["crete", 1],
    ]),
  );
  const minos = masks.of(new Set(["minos", "king"]));
  const crete = masks.of(new Set(["crete"]));
  expect([masks.cover(minos), masks.cover(crete), masks.cover(minos | crete), masks.cover(0)]).toEqual([
    0.75, 0.25, 1, 0,
  ]);
});

it("keeps the weightiest terms of a long question, and covers nothing of an empty one", () => {
  const masks = termMasks(new Map(Array.from({ length: 40 }, (_, index) => [`t${index}`, index < 30 ? 2 : 1])));
  expect(masks.of(new Set(["t39"]))).toBe(0);
  expect(masks.cover(masks.of(new Set(Array.from({ length: 40 }, (_, index) => `t${index}`))))).toBe(1);
  expect(termMasks(new Map()).cover(0)).toBe(0);
});
