import { expect, it } from "vitest";
import { analyzer } from "../text/analyzer.js";
import type { Citation } from "./citation.js";
import { conflictsAmong } from "./conflicts-among.js";
import type { EvidenceId } from "./evidence.js";

const citations = (...quotes: readonly (readonly [quote: string, title: string])[]): Citation[] =>
  quotes.map(([quote, title], index) => ({
    evidence: `E${index + 1}` as EvidenceId,
    quote,
    source: String(index),
    title,
    span: [0, quote.length],
    line: 1,
  }));
const count = (...quotes: readonly (readonly [quote: string, title: string])[]): number =>
  conflictsAmong(citations(...quotes), analyzer()).length;

it.each([
  ["The Arles bridge carries 12,000 cars daily.", "The Arles bridge carries 9,000 cars daily.", 1],
  ["The Arles bridge opened to cars in 1990.", "The Arles bridge opened to cars in 1991.", 1],
  // other subjects, years, units, measures, or the same value in other words
  ["The Arles bridge carries 12,000 cars daily.", "The Nimes bridge carries 9,000 cars daily.", 0],
  ["Arles counted 12,000 cars on its bridge in 1990.", "Arles counted 9,000 cars on its bridge in 1991.", 0],
  ["The Arles bridge carries 12,000 cars daily.", "The Arles bridge carries 12 thousand cars daily.", 0],
  ["Arles pays 12% for its new bridge.", "Arles pays $12 for its new bridge.", 0],
  ["The Arles bridge opened to cars in 1990.", "The Arles bridge opened to cars on 3 May 1991.", 0],
  ["The Arles bridge carries 12,000 cars daily.", "The Arles museum shows 9,000 old coins.", 0],
])("%j and %j: %d", (a, b, expected) => {
  expect(count([a, "A"], [b, "B"])).toBe(expected);
});

it("takes quotes that name nobody for one subject under one title only", () => {
  const [a, b] = ["The old bridge carries 12,000 cars daily.", "The old bridge carries 9,000 cars daily."];
  expect(count([a!, "Arles"], [b!, "Arles"])).toBe(1);
  expect(count([a!, "Arles"], [b!, "Nimes"])).toBe(0);
  expect(count([a!, ""], [b!, ""])).toBe(0);
});
