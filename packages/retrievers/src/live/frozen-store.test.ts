import { scope } from "@clew/core";
import { aSourceText } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { frozenStore } from "./frozen-store.js";

describe("frozenStore", () => {
  const frozen = (id: string, text = "text") => ({ text: aSourceText({ id, text }), fetchedAt: 0, query: "q" });

  it("drops what was neither kept nor asked for the longest", async () => {
    const store = frozenStore({ maxSources: 2 });
    for (const id of ["a", "b"]) store.set(frozen(id));
    await store.get("a");
    store.set(frozen("c"));
    expect(["a", "b", "c"].map((id) => store.get(id) !== undefined)).toEqual([true, false, true]);
  });

  it("is bounded by characters too, and always holds the last", () => {
    const store = frozenStore({ maxCharacters: 10 });
    store.set(frozen("a", "x".repeat(6)));
    store.set(frozen("b", "x".repeat(6)));
    expect([store.get("a"), store.get("b") !== undefined]).toEqual([undefined, true]);
    store.set(frozen("c", "x".repeat(60)));
    expect(store.get("c")).toBeDefined();
  });

  it("forgets a source, and the room that it took", async () => {
    const store = frozenStore({ maxCharacters: 10 });
    store.set(frozen("a", "x".repeat(6)));
    const erase = () => store.erase(scope("acme"), { source: "a", passages: [] });
    expect(await erase()).toEqual([{ place: "frozen-results", removed: { sources: 1 }, notes: [] }]);
    expect(await erase()).toMatchObject([{ removed: { sources: 0 } }]);
    store.set(frozen("b", "x".repeat(5)));
    store.set(frozen("c", "x".repeat(5)));
    expect([store.get("a"), store.get("b") !== undefined]).toEqual([undefined, true]);
  });
});
