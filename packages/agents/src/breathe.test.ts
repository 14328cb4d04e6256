import { expect, it } from "vitest";
import { breathe, breathing } from "./breathe.js";

it("of many that breathe at once one goes on at each turn of the loop, in order", async () => {
  let turn = 0;
  let counting = true;
  const count = (): void => {
    turn += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const wentOn: number[] = [];
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      await breathe(undefined);
      wentOn.push(turn);
    }),
  );
  counting = false;
  expect(new Set(wentOn).size).toBe(5);
  expect([...wentOn].sort((a, b) => a - b)).toEqual(wentOn);
});

it("a node does not begin once its signal is aborted while it breathes", async () => {
  const leaving = new AbortController();
  const reason = new Error("left");
  let begun = 0;
  const node = breathing(async (_: object, __: { signal?: AbortSignal }) => {
    begun += 1;
  });
  const running = node({}, { signal: leaving.signal });
  leaving.abort(reason);
  await expect(running).rejects.toBe(reason);
  await node({}, {});
  expect(begun).toBe(1);
});
