import { expect, it } from "vitest";
import { BoundedCache, copyOf } from "./bounded-cache.js";

it("keeps what was used last, within its capacity", () => {
  const cache = new BoundedCache(4);
  for (const key of ["a", "b", "c"]) cache.set(key, key.toUpperCase());
  expect(cache.get("a")).toBe("A");
  for (const key of ["d", "e", "f", "g"]) cache.set(key, key);
  expect(cache.get("b")).toBeUndefined();
  expect(cache.get("g")).toBe("g");
});

it("keeps the empty string, and copies exactly", () => {
  const cache = new BoundedCache(4);
  cache.set("stopped", "");
  expect(cache.get("stopped")).toBe("");
  const text = "é😀".repeat(1000);
  expect(copyOf(text)).toBe(text);
});
