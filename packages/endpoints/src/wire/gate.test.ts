import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gate } from "./gate.js";

describe("gate", () => {
  it("never lets more in than it has places, and loses none, whoever leaves and when", async () => {
    const visitor = fc.record({ stays: fc.nat(4), leavesAfter: fc.option(fc.nat(4), { nil: undefined }) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(visitor, { maxLength: 12 }),
        async (places, visitors) => {
          const door = gate(places);
          let inside = 0;
          const ticks = async (count: number): Promise<void> => {
            for (let at = 0; at < count; at++) await Promise.resolve();
          };
          await Promise.allSettled(
            visitors.map(async ({ stays, leavesAfter }) => {
              const leaving = new AbortController();
              if (leavesAfter !== undefined) void ticks(leavesAfter).then(() => leaving.abort(new Error("gone")));
              const out = await door.enter(leaving.signal);
              inside += 1;
              expect(inside).toBeLessThanOrEqual(places);
              await ticks(stays);
              inside -= 1;
              out();
              out(); // leaving twice frees one place
            }),
          );
          // every place is free again
          const outs = await Promise.all(Array.from({ length: places }, () => door.enter(undefined)));
          expect(outs).toHaveLength(places);
        },
      ),
    );
  });
});
