import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { CodeArena } from "./code-arena.js";
import { CodeRows } from "./code-rows.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function filled(arena: CodeArena, rows: number, dimensions = 40): CodeRows {
  const made = new CodeRows({ dimensions, arena, blockBytes: 256 });
  for (let row = 0; row < rows; row++) made.push(new Int8Array(dimensions).fill(row % 100));
  made.trim();
  return made;
}

describe("CodeRows", () => {
  it.each([
    ["shared", 64],
    ["plain", 0],
  ])("keeps rows apart, over blocks (%s memory)", (_, pages) => {
    const rows = filled(new CodeArena({ pages }), 9);
    expect([rows.stride, rows.rowsPerBlock, rows.blocks.length, rows.length]).toEqual([64, 4, 3, 9]);
    expect(rows.blocks.map(({ bytes }) => bytes)).toEqual([256, 256, 64]);
    for (let row = 0; row < 9; row++) expect([...rows.row(row)]).toEqual(new Array(40).fill(row));
  });

  it("gives its memory back when nobody holds it any more", async () => {
    const arena = new CodeArena({ pages: 64 });
    const kept = filled(arena, 3000);
    const { used } = arena;
    for (let round = 0; round < 10; round++) filled(arena, 3000);
    expect(arena.used).toBe(11 * used);
    await expect
      .poll(
        () => {
          collect();
          return arena.used;
        },
        { timeout: 30_000 },
      )
      .toBe(used);
    expect(kept.row(2999)[0]).toBe(99);
  });
});
