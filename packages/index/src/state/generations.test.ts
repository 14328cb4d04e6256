import { scope } from "@clew/core";
import { fixedRuntime, hashEmbedder, paragraphSplitter, sourceInput, sourceInputs } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { embeddedIndex } from "../embedded-index.js";
import { checkIndexOptions } from "../index-options.js";
import { lmdbStore } from "../store/lmdb-store.js";
import { memoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import { temporaryDirectory } from "../testing/temporary-directory.js";

const acme = scope("acme");
const open = (store: Store) => {
  const options = { embedder: hashEmbedder(), splitter: paragraphSplitter(), runtime: fixedRuntime() };
  return embeddedIndex({ store, name: "test", persistent: false, options: checkIndexOptions(options) });
};

describe.each([
  ["memory", () => memoryStore()],
  ["LMDB", () => lmdbStore({ path: temporaryDirectory(), readOnly: false })],
] as const)("generations (%s)", (kind, makeStore) => {
  it("a reader that is further behind than changes are remembered reads everything anew", async () => {
    const index = open(makeStore());
    const generations = kind === "memory" ? 4200 : 40; // the store makes no difference, but for the time it takes
    const years = () =>
      index.in(acme).read(async (snapshot) => (await snapshot.metadata()).map(({ examples }) => examples));
    await index.sync(acme, sourceInputs(["red fox", "red hen"]));
    expect(await years()).toEqual([]);
    for (let year = 0; year < generations; year++) await index.setMetadata(acme, "s1", { metadata: { year } });
    expect(await years()).toEqual([[generations - 1]]);
    expect((await index.in(acme).read((snapshot) => snapshot.dense({ text: "red" }, { k: 9 }))).hits).toHaveLength(2);
  });

  it("reads at once keep each to its own generation while sources come and go", async () => {
    const index = open(makeStore());
    await index.sync(acme, sourceInputs(["red fox"]));
    const slow = index.in(acme).read(async (snapshot) => {
      await index.sync(acme, [sourceInput({ id: "s2", text: "red hen" })]);
      await index.remove(acme, ["s1"]);
      const inner = await index.in(acme).read(async (now) => (await now.lexical({ text: "red" }, { k: 9 })).hits);
      const { hits } = await snapshot.lexical({ text: "red" }, { k: 9 });
      const dense = await snapshot.dense({ text: "red" }, { k: 9 });
      return { inner, hits, dense: dense.hits, text: (await snapshot.sourceText("s1"))?.text };
    });
    const { inner, hits, dense, text } = await slow;
    expect(inner.map(({ passage }) => passage.source)).toEqual(["s2"]);
    expect(hits.map(({ passage }) => passage.text)).toEqual(["red fox"]);
    expect(dense.map(({ passage }) => passage.text)).toEqual(["red fox"]);
    expect(text).toBe("red fox");
  });

  it("syncedAt comes from the clock that was handed in", async () => {
    const index = open(makeStore());
    await index.sync(acme, sourceInputs(["red fox"]));
    expect((await index.sources(acme))[0]!.syncedAt).toBe(1_700_000_000_000);
  });

  it("every read lets its state go, whatever becomes of it", async () => {
    const inner = makeStore();
    let held = 0;
    const counting: Store = {
      ...inner,
      reader: () => {
        const reader = inner.reader();
        held++;
        const done = (): void => {
          held--;
          reader.done();
        };
        return { ...reader, done };
      },
    };
    const index = open(counting);
    await index.sync(acme, sourceInputs(["red fox"]));
    await index.in(acme).read((snapshot) => snapshot.lexical({ text: "fox" }, { k: 1 }));
    await expect(index.in(acme).read(async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await index.sources(acme);
    const controller = new AbortController();
    const opening = index.in(acme).read(async () => new Promise<never>(() => {}), { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(opening).rejects.toThrow("gone");
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(held).toBe(0);
    await index.close();
  });
});

describe("tenants in memory", () => {
  it.each([
    [1, 4],
    [2, 2],
  ])("with %i kept, four searches in turn load %i times", async (tenantsKept, loads) => {
    const inner = memoryStore();
    let read = 0;
    const counting: Store = {
      ...inner,
      reader: () => {
        const reader = inner.reader();
        const get = (key: string): Uint8Array | undefined => {
          if (key.includes("/r/")) read++;
          return reader.get(key);
        };
        return { ...reader, get };
      },
    };
    const options = checkIndexOptions({ splitter: paragraphSplitter(), tenantsKept });
    const index = embeddedIndex({ store: counting, name: "test", persistent: false, options });
    for (const tenant of ["a", "b"]) await index.sync(scope(tenant), sourceInputs([`red ${tenant}`]));
    for (const tenant of ["a", "b", "a", "b"]) {
      const { hits } = await index.in(scope(tenant)).read((snapshot) => snapshot.lexical({ text: "red" }, { k: 9 }));
      expect(hits.map(({ passage }) => passage.text)).toEqual([`red ${tenant}`]);
    }
    expect(read).toBe(loads);
  });
});
