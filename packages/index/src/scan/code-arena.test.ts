import { seededRandom } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { type Block, CodeArena } from "./code-arena.js";

const page = 1 << 16;

describe("CodeArena", () => {
  it("never has one byte in two blocks, whatever is taken, shortened and given back (20,000 steps)", () => {
    const random = seededRandom(3);
    const arena = new CodeArena({ pages: 64 });
    const held = new Map<Block, number>();
    const fill = (block: Block, value: number): void => {
      new Uint8Array(block.space.buffer, block.at, block.bytes).fill(value);
      held.set(block, value);
    };
    for (let step = 0; step < 20_000; step++) {
      const [block] = [...held.keys()].slice(Math.floor(random() * held.size));
      if (block === undefined || random() < 0.5) {
        if (held.size < 60) fill(arena.allocate(1 + Math.floor(random() ** 3 * 30_000)), step % 251);
      } else {
        const value = held.get(block)!;
        const bytes = new Uint8Array(block.space.buffer, block.at, block.bytes);
        if (step % 10 === 0) expect(bytes.every((byte) => byte === value)).toBe(true);
        held.delete(block);
        if (random() < 0.3) held.set(arena.shrink(block, Math.floor(random() * block.bytes)), value);
        else arena.free(block);
      }
    }
    for (const block of held.keys()) arena.free(block);
    expect(arena.used).toBe(0);
    // all gaps have met again
    const { size } = arena;
    const whole = arena.allocate(size);
    expect(whole).toMatchObject({ at: 0, bytes: size });
    expect(arena.size).toBe(size);
  });

  it("makes another space when one is full, and a memory of its own for what no space could hold", () => {
    const arena = new CodeArena({ pages: 16 });
    const [one, two, three] = [arena.allocate(16 * page), arena.allocate(8 * page), arena.allocate(8 * page)];
    expect(new Set([one, two, three].map(({ space }) => space)).size).toBe(2);
    expect(arena.allocateIn(one.space, 1)).toBeUndefined();
    const large = arena.allocate(17 * page);
    expect(large.space.wasm).toBeUndefined();
    expect(large.space.buffer.byteLength).toBe(17 * page);
    expect(arena.size).toBe(32 * page);
  });

  it("shows what was written after it grew through views of before", () => {
    const arena = new CodeArena({ pages: 256 });
    const first = arena.allocate(64);
    const view = new Uint8Array(first.space.buffer, first.at, 64);
    arena.allocate(100 * page);
    new Uint8Array(first.space.buffer, first.at, 64).fill(7);
    expect(view.every((byte) => byte === 7)).toBe(true);
  });
});
