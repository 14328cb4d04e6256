import { binomialBelow, seededRandom } from "@clew/core/measure";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FitEscalationOptions, fitEscalation } from "./fit-escalation.js";

/** A population: how scores are spread, and how often an answer of a score is wrong. */
interface World {
  readonly draw: (random: () => number) => { score: number; isRight: boolean };
  /** True error rate among answers of at least this score. */
  readonly risk: (threshold: number) => number;
}

/** Scores uniform on [0, 1]; an answer of score s is wrong with chance a · (1 - s) + b. */
const world = (a: number, b: number): World => ({
  draw: (random) => {
    const score = random();
    return { score, isRight: random() >= a * (1 - score) + b };
  },
  // the mean of a(1 - s) + b over [t, 1]
  risk: (threshold) => (a * (1 - threshold)) / 2 + b,
});

function drawn(size: number, { draw }: World, random: () => number): Pick<FitEscalationOptions, "scores" | "correct"> {
  const all = Array.from({ length: size }, () => draw(random));
  return { scores: all.map(({ score }) => score), correct: all.map(({ isRight }) => isRight) };
}

describe("fitEscalation", () => {
  it("takes the lowest threshold that the exact test rejects, by hand", () => {
    // 40 right answers of score .9 and 10 of score .4, half of them wrong; one start: the level is 1 - confidence
    const scores = [...Array<number>(40).fill(0.9), ...Array<number>(10).fill(0.4)];
    const correct = scores.map((score, index) => score > 0.5 || index % 2 === 0);
    const fitted = (maxError: number) =>
      fitEscalation({ scores, correct, maxError, thresholds: [0.9, 0.4], starts: [0.9], confidence: 0.9 });
    // .9: P(Bin(40, .1) ≤ 0) = .9^40 = .015 ≤ .1; .4: P(Bin(50, .1) ≤ 5) = .62
    expect(binomialBelow(5, 50, 0.1)).toBeCloseTo(0.6161, 3);
    expect(fitted(0.1)).toMatchObject({ threshold: 0.9, answered: 40, errors: 0, questions: 50, byRung: [40] });
    expect(fitted(0.1).bound).toBeCloseTo(1 - 0.1 ** (1 / 40), 9);
    // P(Bin(50, .2) ≤ 5) = .048: all may be answered
    expect(fitted(0.2)).toMatchObject({ threshold: 0.4, answered: 50, errors: 5 });
    // .95^40 = .13: not sure enough
    expect(fitted(0.05)).toMatchObject({ threshold: undefined, answered: 0, errors: 0, bound: 1, byRung: [0] });
  });

  it("answers by the first rung that reaches the threshold", () => {
    const scores = Array.from({ length: 60 }, (_, index) => (index < 20 ? [1, 0] : index < 50 ? [0.2, 1] : [0.2, 0.3]));
    const correct = scores.map(([first]) => [first === 1, first !== 1]);
    const options = { scores, correct, maxError: 0.1, confidence: 0.9, thresholds: [1], starts: [1] };
    expect(fitEscalation(options)).toMatchObject({ threshold: 1, answered: 50, errors: 0, byRung: [20, 30] });
  });

  it.each([
    ["a good signal", world(0.5, 0), 0.1],
    ["a weak signal", world(0.3, 0.05), 0.15],
    ["a signal that is worth nothing", world(0, 0.2), 0.2],
    ["a signal that is upside down", world(-0.3, 0.35), 0.19],
    ["a bound that cannot be kept", world(0.2, 0.3), 0.1],
  ])("keeps the true error rate under the bound at the confidence, over 200 draws of %s", (name, given, maxError) => {
    const random = seededRandom(11);
    let broken = 0;
    let answered = 0;
    for (let split = 0; split < 200; split++) {
      const { threshold } = fitEscalation({ ...drawn(400, given, random), maxError, confidence: 0.9 });
      if (threshold !== undefined && given.risk(threshold) > maxError) broken++;
      if (threshold !== undefined) answered++;
    }
    expect(broken).toBeLessThanOrEqual(20);
    if (name === "a good signal") expect(answered).toBeGreaterThan(100);
  });

  it("holds on the half that did not fit, over 200 random splits of one set", () => {
    const random = seededRandom(5);
    const all = drawn(1200, world(0.5, 0), random);
    let above = 0;
    let shares = 0;
    for (let split = 0; split < 200; split++) {
      const order = all.scores.map((_, index) => [random(), index] as const).sort(([a], [b]) => a - b);
      const half = (from: number, to: number) => order.slice(from, to).map(([, index]) => index);
      const [fitting, held] = [half(0, 600), half(600, 1200)];
      const { threshold = 2 } = fitEscalation({
        scores: fitting.map((index) => all.scores[index]!),
        correct: fitting.map((index) => all.correct[index]!),
        maxError: 0.1,
        confidence: 0.9,
        horizon: held.length,
      });
      const given = held.filter((index) => (all.scores[index] as number) >= threshold);
      const wrong = given.filter((index) => all.correct[index] !== true).length;
      shares += given.length / held.length / 200;
      if (wrong > 0.1 * given.length) above++;
    }
    expect(above).toBeLessThanOrEqual(20);
    // the best threshold that keeps .1 answers 40 %
    expect(shares).toBeGreaterThan(0.12);
  });

  it("is the same for the same data, in any order of the questions, and stricter for stricter bounds", () => {
    const item = fc.record({ score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), isRight: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 200 }),
        fc.double({ min: 0.05, max: 0.6, noNaN: true }),
        (items, maxError) => {
          const fitted = (list: typeof items, bound: number) =>
            fitEscalation({
              scores: list.map(({ score }) => score),
              correct: list.map(({ isRight }) => isRight),
              maxError: bound,
            });
          const found = fitted(items, maxError);
          expect(fitted([...items].reverse(), maxError)).toEqual(found);
          expect(fitted(items, maxError / 2).threshold ?? 2).toBeGreaterThanOrEqual(found.threshold ?? 2);
          if (found.threshold !== undefined) expect(found.bound).toBeLessThanOrEqual(maxError + 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<Partial<FitEscalationOptions>>([
    { maxError: 0 },
    { confidence: 1 },
    { scores: [2] },
    { scores: [Number.NaN] },
    { scores: [[0.5, 0.5]] },
    { correct: [] },
    { horizon: 0 },
    { thresholds: [] },
    { starts: [-1] },
  ])("refuses %j", (wrong) => {
    expect(() => fitEscalation({ scores: [0.5], correct: [true], maxError: 0.1, ...wrong })).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
