import { expect, it } from "vitest";
import { fusionReport } from "./fusion-report.js";

const names = [
  "convex(dense 0.7, lexical 0.3)",
  "convex(dense 0, lexical 1)",
  "convex(dense 1, lexical 0)",
  "convex(dense 0.5 by max, lexical 0.5)",
  "convex(dense 0.5 by min-max, lexical 0.5 by min-max)",
  "rrf(10, dense 0.5, lexical 0.5)",
  "rrf(60, dense 0.5, lexical 0.5)",
];
const row = (value: number, index: number): number[] => names.map((_, fusion) => (fusion === index ? value : 0.5));

it("chooses on the first halves, reports the second, and counts every set alike", async () => {
  const { sets, rows, candidates } = await fusionReport(names, [
    // rrf(10) wins on both first halves; on the second halves it gains .1 on four questions and loses .3 on two
    { set: "a", first: [row(0.9, 5)], second: [row(0.6, 5), row(0.6, 5), row(0.6, 5), row(0.6, 5)] },
    { set: "b", first: [row(0.6, 5)], second: [row(0.2, 5), row(0.2, 5)] },
  ]);
  expect(sets).toEqual(["a", "b"]);
  const best = rows.find(({ label }) => label === "best any")!;
  expect(best.fusion).toBe("rrf(10, dense 0.5, lexical 0.5)");
  expect([best.first, best.second, ...best.bySet].map((value) => Number(value.toFixed(12)))).toEqual([
    0.75, 0.4, 0.6, 0.2,
  ]);
  // (+.1 − .3) / 2, though four of six questions gained
  expect(best.difference!.mean).toBeCloseTo(-0.1, 12);
  expect(rows.find(({ label }) => label === "default")!.difference).toBeUndefined();
  // each set is judged by what the other chose: rrf(10) both times
  expect(rows.find(({ label }) => label === "any, chosen on the other sets")!.second).toBeCloseTo(0.4, 12);
  expect(candidates[0]!.name).toBe("rrf(10, dense 0.5, lexical 0.5)");
});
