import { describe, expect, it } from "vitest";
import { ClewError } from "../errors/clew-error.js";
import { note } from "../run/note.js";
import { scope } from "../scope/scope.js";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { hashEmbedder } from "../testing/hash-embedder.js";
import { referenceIndex } from "../testing/reference/reference-index.js";
import { sourceInputs } from "../testing/source-input.js";
import { eraser } from "./eraser.js";
import type { Erasable, EraseReceipt, EraseRequest } from "./erasure.js";

const acme = scope("acme");

async function open() {
  const index = referenceIndex({ embedder: hashEmbedder() });
  await index.sync(acme, sourceInputs(["A red thread.\n\nA ball.", { text: "Amy's.", access: ["amy"] }]));
  const asked: EraseRequest[] = [];
  /** Remembers what it was asked, and what the index still held then. */
  const place = (name: string, more: Partial<{ fail: unknown; left: string }> = {}): Erasable => ({
    erase: async (_scope, request) => {
      asked.push(request);
      if (more.fail !== undefined) throw more.fail;
      const held = (await index.passagesOf(acme, request.source)).length;
      const notes = more.left === undefined ? [] : [note("not-erased", more.left)];
      return [{ place: name, removed: { seen: held }, notes }];
    },
  });
  return { index, asked, place };
}

describe("eraser", () => {
  it("asks every place in its order with the passages, the index last, and says what each removed", async () => {
    const { index, asked, place } = await open();
    const kept: EraseReceipt[] = [];
    const receipts = { append: async (receipt: EraseReceipt) => void kept.push(receipt) };
    const places = { cache: place("cache"), traces: place("traces") };
    const { erase } = eraser({ scope: acme, index, places, receipts, runtime: fixedRuntime() });
    const receipt = await erase("s1");
    expect(receipt).toEqual({
      id: "id-1",
      at: 1_700_000_000_000,
      tenant: "acme",
      source: "s1",
      places: [
        { place: "cache", removed: { seen: 2 }, notes: [] },
        { place: "traces", removed: { seen: 2 }, notes: [] },
        { place: "index", removed: { sources: 1, passages: 2 }, notes: [] },
        { place: "vector-cache", removed: { vectors: 2 }, notes: [] },
      ],
      complete: true,
    });
    expect(asked.map(({ passages }) => passages.map(({ text }) => text))).toEqual([
      ["A red thread.", "A ball."],
      ["A red thread.", "A ball."],
    ]);
    expect(kept).toEqual([receipt]);
    expect(JSON.stringify(receipt)).not.toContain("thread");
  });

  it("erases what its own principals may not see", async () => {
    const { index } = await open();
    const { places, complete } = await eraser({ scope: acme, index }).erase("s2");
    expect([complete, places[0]?.removed]).toEqual([true, { sources: 1, passages: 1 }]);
  });

  it("looks for an unknown source in every place all the same", async () => {
    const { index, asked, place } = await open();
    const receipt = await eraser({ scope: acme, index, places: { traces: place("traces") } }).erase("nowhere");
    expect(asked).toMatchObject([{ source: "nowhere", passages: [] }]);
    expect(receipt.complete).toBe(true);
    expect(receipt.places.flatMap(({ removed }) => Object.values(removed))).toEqual([0, 0, 0, 0]);
  });

  it("goes on where a place fails, keeps what it said out of the receipt, and finishes the next time", async () => {
    const { index, asked, place } = await open();
    let fail: unknown = new TypeError("A red thread. could not be unlinked");
    const flaky: Erasable = { erase: (to, request) => place("traces", { fail }).erase(to, request) };
    const { erase } = eraser({ scope: acme, index, places: { traces: flaky, cache: place("cache") } });
    const first = await erase("s1");
    expect(first.complete).toBe(false);
    expect(first.places.map(({ place: name }) => name)).toEqual(["traces", "cache", "index", "vector-cache"]);
    expect(first.places[0]).toMatchObject({ removed: {}, notes: [{ code: "not-erased" }] });
    expect(first.places[0]!.notes[0]!.message).toContain("TypeError");
    expect(JSON.stringify(first)).not.toContain("thread");
    fail = new ClewError("storage-failed", "The disk is full.");
    expect((await erase("s1")).places[0]!.notes[0]!.message).toContain("The disk is full.");
    fail = undefined;
    expect((await erase("s1")).complete).toBe(true);
    expect(asked).toHaveLength(6);
  });

  it("is not complete where a place says that something is left, nor where the receipt is lost", async () => {
    const { index, place } = await open();
    const places = { pages: place("pages", { left: "Old rows stay until VACUUM." }) };
    expect((await eraser({ scope: acme, index, places }).erase("s1")).complete).toBe(false);
    const receipts = { append: () => Promise.reject(new ClewError("storage-failed", "No room.")) };
    const lost = await eraser({ scope: acme, index, receipts }).erase("s2");
    expect(lost.complete).toBe(false);
    expect(lost.places.at(-1)).toMatchObject({ place: "receipts", notes: [{ code: "not-erased" }] });
  });

  it("an index that cannot be read is not written to, and the others are asked", async () => {
    const { index, asked, place } = await open();
    const broken = { ...index, passagesOf: () => Promise.reject(new ClewError("index-damaged", "Broken.")) };
    const receipt = await eraser({ scope: acme, index: broken, places: { a: place("a") } }).erase("s1");
    expect(asked).toHaveLength(1);
    expect(receipt.complete).toBe(false);
    expect(await index.passagesOf(acme, "s1")).toHaveLength(2);
  });

  it("stops when the caller leaves, without a receipt", async () => {
    const { index, asked, place } = await open();
    const leaving = new AbortController();
    const gone = new Error("gone");
    const last: Erasable = {
      erase: async () => {
        leaving.abort(gone);
        throw new Error("cut off");
      },
    };
    const { erase } = eraser({ scope: acme, index, places: { last, never: place("never") } });
    await expect(erase("s1", { signal: leaving.signal })).rejects.toBe(gone);
    expect(asked).toEqual([]);
    expect(await index.passagesOf(acme, "s1")).toHaveLength(2);
  });

  it("refuses to have nowhere to erase, and unknown options", () => {
    expect(() => eraser({ scope: acme })).toThrow(/places/);
    expect(() => eraser({ scope: acme, place: {} } as never)).toThrow(/place/);
  });
});
