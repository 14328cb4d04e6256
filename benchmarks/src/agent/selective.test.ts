import { expect, it } from "vitest";
import { auroc, coverageAtRisk, type Judged, riskCoverage } from "./selective.js";

const judged: Judged[] = [
  { confidence: 0.9, right: true },
  { confidence: 0.8, right: false },
  { confidence: 0.7, right: true },
  { confidence: 0.7, right: true },
  { confidence: 0.1, right: false },
];

it("counts pairs of a right and a wrong answer, ties half", () => {
  // by hand: .9 wins twice, each .7 once, of six pairs
  expect(auroc(judged)).toBeCloseTo(4 / 6);
  expect(
    auroc([
      { confidence: 1, right: true },
      { confidence: 1, right: false },
    ]),
  ).toBe(0.5);
  expect(auroc([])).toBeNaN();
});

it("answers equal confidences together", () => {
  expect(riskCoverage(judged)).toEqual([
    { coverage: 0.2, risk: 0, confidence: 0.9 },
    { coverage: 0.4, risk: 0.5, confidence: 0.8 },
    { coverage: 0.8, risk: 0.25, confidence: 0.7 },
    { coverage: 1, risk: 0.4, confidence: 0.1 },
  ]);
});

it("finds the largest coverage within a risk", () => {
  expect(coverageAtRisk(judged, 0.25)).toBe(0.8);
  expect(coverageAtRisk(judged, 0.1)).toBe(0.2);
  expect(coverageAtRisk([{ confidence: 1, right: false }], 0.1)).toBe(0);
});
