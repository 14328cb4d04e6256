import { ClewError, scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInputs } from "@clew/core/testing";
import { expect, it } from "vitest";
import { embeddedIndex } from "../embedded-index.js";
import { checkIndexOptions } from "../index-options.js";
import { memoryStore } from "./memory-store.js";
import type { Store } from "./store.js";

const acme = scope("acme");

/** A store whose writes fail once this many more records have been put. */
function failing(inner: Store): Store & { failAfter: number } {
  const store = {
    ...inner,
    failAfter: Number.POSITIVE_INFINITY,
    write: <T>(work: Parameters<typeof inner.write<T>>[0]): T =>
      inner.write((writer) =>
        work({
          ...writer,
          put: (key, value) => {
            if (store.failAfter-- <= 0) throw new ClewError("storage-failed", "The disk is full.");
            writer.put(key, value);
          },
        }),
      ),
  };
  return store;
}

it("wherever the store fails, each source is as before or after, and a second try finishes", async () => {
  const texts = (version: number) => ["a", "b", "c"].map((name) => `red ${name} ${version}\n\nkept ${name}`);
  for (let after = 0; after < 40; after++) {
    const store = failing(memoryStore());
    const options = checkIndexOptions({ embedder: hashEmbedder(), splitter: paragraphSplitter() });
    const index = embeddedIndex({ store, name: "test", persistent: false, options });
    await index.sync(acme, sourceInputs(texts(1)));
    store.failAfter = after;
    const [outcome] = await Promise.allSettled([index.sync(acme, sourceInputs(texts(2)))]);
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "storage-failed" });
    await index.in(acme).read(async (snapshot) => {
      for (const [at, name] of ["a", "b", "c"].entries()) {
        const { hits } = await snapshot.dense({ text: "red" }, { k: 9, filter: { source: `s${at + 1}` } });
        const text = (await snapshot.sourceText(`s${at + 1}`))!.text;
        expect(hits.map(({ passage }) => passage.text).sort()).toEqual(text.split("\n\n").sort());
        expect([texts(1)[at], texts(2)[at]]).toContain(text);
        expect(text).toContain(name);
      }
    });
    store.failAfter = Number.POSITIVE_INFINITY;
    await index.sync(acme, sourceInputs(texts(2)));
    expect((await index.in(acme).read((snapshot) => snapshot.lexical({ text: "2" }, { k: 9 }))).hits).toHaveLength(3);
  }
});
