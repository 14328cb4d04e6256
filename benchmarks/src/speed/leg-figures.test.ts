import { describe, expect, it } from "vitest";
import { legFigures, type Sample } from "./leg-figures.js";

const sample = (round: number, query: number, ms: number, ids: string[] = []): Sample => ({
  round,
  query,
  ms,
  cpuMs: 2 * ms,
  ids,
});

describe("legFigures", () => {
  it("compares medians round by round, on the questions that both answered", () => {
    const base = [sample(0, 0, 1), sample(0, 1, 2), sample(0, 2, 3), sample(1, 3, 4), sample(1, 4, 1000)];
    const samples = [sample(0, 0, 10), sample(0, 1, 40), sample(0, 2, 60), sample(1, 3, 8)];
    // round 0: 40 / 2 = 20; round 1: 8 / 4 = 2, question 4 left out; nearest rank takes the lower of two as the median
    const { times_base, cpu_times_base } = legFigures({ samples, base });
    expect(times_base).toEqual({ median: 2, min: 2, max: 20 });
    // the sample doubles both
    expect(cpu_times_base).toEqual(times_base);
  });

  it("takes percentiles by nearest rank over all rounds", () => {
    const samples = Array.from({ length: 20 }, (_, index) => sample(index % 2, index, index + 1));
    expect(legFigures({ samples })).toMatchObject({ queries: 20, ms_p50: 10, ms_p95: 19, cpu_ms_p50: 20 });
  });

  it("says how many of the right ids were found, leaving out questions without any", () => {
    const samples = [sample(0, 0, 1, ["a", "x"]), sample(0, 1, 1, ["b", "c"]), sample(0, 2, 1, ["d"])];
    const reference = new Map([
      [0, ["a", "b"]],
      [1, ["c", "b"]],
      [2, []],
    ]);
    // (1/2 + 2/2) / 2
    expect(legFigures({ samples, reference }).overlap).toBe(0.75);
  });
});
