import { analyzer as makeAnalyzer } from "@clew/core/text";
import fc from "fast-check";
import { expect, it } from "vitest";
import { confidenceFeatures, confidenceOf } from "./answer-confidence.js";
import { readQuestion } from "./read-question.js";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const features = fc.record({
  covered: share,
  names: share,
  chain: share,
  titled: share,
  joined: share,
});

it("lies in [0, 1], and is 0 without quotes", () => {
  fc.assert(
    fc.property(features, (found) => {
      const confidence = confidenceOf(found);
      return confidence >= 0 && confidence <= 1;
    }),
  );
  const question = readQuestion("Who built the labyrinth?", makeAnalyzer());
  const none = confidenceFeatures([], { question, weights: new Map([["labyrinth", 1]]), passages: [] });
  expect(Object.values(none).every((value) => value === 0)).toBe(true);
  expect(confidenceOf(none)).toBe(0);
});

it("grows with what the quotes hold of the question", () => {
  fc.assert(
    fc.property(features, share, (found, less) => {
      const lower = { ...found, covered: found.covered * less, names: found.names * less };
      return confidenceOf(lower) <= confidenceOf(found);
    }),
  );
});
