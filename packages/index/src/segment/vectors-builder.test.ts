import { seededRandom } from "@clew/core/testing";
import { expect, it } from "vitest";
import { CodeArena } from "../scan/code-arena.js";
import { pacer } from "../state/pacer.js";
import { quantise, vectorKeyBytes } from "./quantise.js";
import type { SegmentVectors } from "./segment.js";
import { VectorsBuilder } from "./vectors-builder.js";

const dimensions = 40;
const options = { dimensions, arena: new CodeArena({ pages: 64 }), blockBytes: 256 };
const random = seededRandom(2);
const vectors = Array.from({ length: 23 }, () => Float32Array.from({ length: dimensions }, () => random() - 0.5));
const quantised = quantise(
  vectors,
  dimensions,
  vectors.map((_, row) => row.toString(16).padStart(32, "0")),
);

const rowOf = ({ codes, scales, norms, errors, keys }: SegmentVectors, row: number) => ({
  codes: [...codes.row(row)],
  scale: scales[row],
  norm: norms[row],
  error: errors[row],
  key: Buffer.from(keys.subarray(row * vectorKeyBytes, (row + 1) * vectorKeyBytes)).toString("hex"),
});

it("keeps each row's codes, and their length as it is or a little more", () => {
  const builder = new VectorsBuilder(options);
  builder.append(quantised);
  const built = builder.done();
  expect(built.codes.blocks).toHaveLength(6);
  for (let row = 0; row < vectors.length; row++) {
    const { codes, scale, norm, error, key } = rowOf(built, row);
    const exact = Math.hypot(...codes.map((code) => code * scale!));
    expect(norm).toBeGreaterThanOrEqual(exact);
    expect(norm).toBeLessThan(exact * 1.00001);
    expect(Math.hypot(...codes.map((code, i) => code * scale! - vectors[row]![i]!))).toBeLessThanOrEqual(error!);
    expect(key).toBe(row.toString(16).padStart(32, "0"));
  }
});

it("takes over the rows that stay, in their order", async () => {
  const builder = new VectorsBuilder(options);
  builder.append(quantised);
  const before = builder.done();
  const stays = vectors.map((_, row) => row % 3 !== 1);
  let next = 0;
  const merged = new VectorsBuilder(options);
  await merged.appendRows(
    before,
    Int32Array.from(stays, (stay) => (stay ? next++ : -1)),
    pacer(),
  );
  merged.append(quantised);
  const after = merged.done();
  const kept = [...stays.keys()].filter((row) => stays[row]);
  expect(after.codes.length).toBe(kept.length + vectors.length);
  for (const [now, row] of [...kept, ...vectors.keys()].entries())
    expect(rowOf(after, now)).toEqual(rowOf(before, row));
});
