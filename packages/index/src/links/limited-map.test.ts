import { expect, it } from "vitest";
import { LimitedMap } from "./limited-map.js";

it("never holds more than it may, and keeps what was set last", () => {
  const map = new LimitedMap<number, string>(2);
  map.set(1, "a").set(2, "b").set(2, "c");
  expect([...map]).toEqual([
    [1, "a"],
    [2, "c"],
  ]);
  expect([...map.set(3, "d")]).toEqual([[3, "d"]]);
});
