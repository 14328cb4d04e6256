import { type Edge, passageId } from "@clew/core";
import { expect, it } from "vitest";
import { linkWalk } from "./link-walk.js";
import { linkedWeights } from "./linked-weights.js";
import { questionCover } from "./question-cover.js";
import { rankPool } from "./rank-pool.js";

const ids = ["a", "b", "c"].map(passageId);
const edge = (from: number, to: number, kind: Edge["kind"], weight = 1): Edge => ({
  from: ids[from]!,
  to: ids[to]!,
  kind,
  weight,
});
/** One term of the question, of which `a` holds all there is, and the others nothing. */
const cover = questionCover({
  scores: [{ tf: [2] }, { tf: [0] }, { tf: [0] }],
  terms: [{ term: "thread", idf: 1.5 }],
  lengths: [1, 1, 1],
});

it("covers by tf / (tf + k1) at average length, and leaves open the rest", () => {
  // by hand: 2 / (2 + 1.2 · (1 − .75 + .75)) = .625
  expect(cover.of(0)).toBeCloseTo(0.625, 12);
  expect(cover.open(1, 0)).toBeCloseTo(0.625, 12);
  expect(cover.open(0, 0)).toBeCloseTo(0.375 * 0.625, 12);
  expect(cover.open(0, 1)).toBe(0);
});

it("goes along title edges, and what is missing to a row returns to the seeds", () => {
  const seeds = Float64Array.of(1, 0, 0);
  const { moves, mass, titled } = linkWalk({ ids, edges: [edge(0, 1, "title")], seeds, cover });
  // the row of titles has 1 of 1 + entities
  expect(moves[0]!.get(1)).toBeCloseTo(1 / (1 + linkedWeights.entities), 12);
  expect(moves[1]!.get(0)).toBeCloseTo(1 / (1 + linkedWeights.entities), 12);
  expect(titled).toEqual([true, true, false]);
  expect(mass[0]).toBe(1);
  expect(mass[1]).toBeGreaterThan(0);
  expect(mass[2]).toBe(0);
});

it("prefers an edge to what its beginning leaves open", () => {
  const edges = [edge(1, 0, "title"), edge(1, 2, "title")];
  const { moves } = linkWalk({ ids, edges, seeds: Float64Array.of(0, 1, 0), cover });
  // by hand: (1 + 12 · .625) : 1
  expect(moves[1]!.get(0)! / moves[1]!.get(2)!).toBeCloseTo(1 + linkedWeights.residual * 0.625, 9);
});

it("without seeds on titles, chains count nothing", () => {
  const seeds = Float64Array.of(0, 0, 1);
  const walk = linkWalk({ ids, edges: [edge(0, 1, "title")], seeds, cover });
  const scores = rankPool({ ids, walk, seeds, cover, cosines: [0, 0, 0] });
  expect(scores.map(({ features }) => features.gate)).toEqual([0, 0, 0]);
  // ln(walk + floor) alone
  expect(scores[2]!.score).toBeCloseTo(Math.log(1 + linkedWeights.floor), 12);
  expect(scores[0]!.score).toBeCloseTo(Math.log(linkedWeights.floor), 12);
});
