import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import wabt from "wabt";
import { CodeArena } from "./code-arena.js";
import { scanModule } from "./scan-kernel.js";
import { scanKernelBytes } from "./scan-kernel-bytes.js";
import { scanPlain } from "./scan-plain.js";

describe("scanKernel", () => {
  it("is compiled of the text beside it", async () => {
    const features = { simd: true, threads: true };
    const text = readFileSync(new URL("scan-kernel.wat", import.meta.url), "utf8");
    const module = (await wabt()).parseWat("scan-kernel.wat", text, features);
    const { buffer } = module.toBinary({});
    expect(scanKernelBytes).toBe(Buffer.from(buffer).toString("base64"));
  });

  it("is to be had in this Node", () => expect(scanModule()).toBeDefined());

  it("sums as the plain scan does, in any runs of rows", () => {
    const arena = new CodeArena({ pages: 64 });
    const byte = fc.oneof(fc.integer({ min: -128, max: 127 }), fc.constantFrom(-128, 127));
    const anyRows = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 })).chain(([steps, rows]) =>
      fc.record({
        stride: fc.constant(steps * 32),
        codes: fc.array(byte, { minLength: rows * steps * 32, maxLength: rows * steps * 32 }),
        query: fc.array(fc.integer({ min: -32767, max: 32767 }), { minLength: steps * 32, maxLength: steps * 32 }),
        runs: fc.array(
          fc
            .integer({ min: 0, max: rows - 1 })
            .chain((from) => fc.tuple(fc.constant(from), fc.integer({ min: 0, max: rows - from }))),
          { maxLength: 5 },
        ),
      }),
    );
    fc.assert(
      fc.property(anyRows, ({ stride, codes, query, runs }) => {
        const block = arena.allocate(1 << 16);
        const { buffer, wasm } = block.space;
        const total = runs.reduce((sum, [, count]) => sum + count, 0);
        const [queryAt, runsAt] = [block.at + codes.length, block.at + codes.length + stride * 2];
        const outAt = runsAt + runs.length * 8;
        new Int8Array(buffer, block.at, codes.length).set(codes);
        new Int16Array(buffer, queryAt, stride).set(query);
        new Uint32Array(buffer, runsAt, runs.length * 2).set(
          runs.flatMap(([row, count]) => [block.at + row * stride, count]),
        );
        wasm!.kernel(runsAt, outAt, stride, queryAt, outAt);
        const plain = new Int32Array(total);
        scanPlain(Int8Array.from(codes), runs.flat(), stride, Int16Array.from(query), plain);
        expect([...new Int32Array(buffer, outAt, total)]).toEqual([...plain]);
        arena.free(block);
      }),
    );
  });
});
