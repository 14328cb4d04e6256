import { type Index, scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, seededRandom, sourceInput } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { embeddedIndex } from "../embedded-index.js";
import { checkIndexOptions } from "../index-options.js";
import { memoryIndex } from "../memory-index.js";
import { memoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";

const acme = scope("acme");
const options = () => ({ embedder: hashEmbedder(), splitter: paragraphSplitter() });

const answers = (index: Index) =>
  index.in(acme).read(async (snapshot) => {
    const everything = await snapshot.dense({ text: "alpha beta" }, { k: 1000 });
    const lexical = await snapshot.lexical({ text: "alpha beta w1 w2 w3" }, { k: 1000 });
    return { dense: everything.hits, lexical: lexical.hits, size: snapshot.size };
  });

describe("refreshState", () => {
  it("an index read after every change answers as one that was read once (600 random changes)", async () => {
    const random = seededRandom(11);
    const often = memoryIndex(options());
    const texts = new Map<string, string>();
    const text = (): string =>
      Array.from({ length: Math.floor(random() * 4) }, () =>
        `alpha w${Math.floor(random() * 9)} ${random() < 0.5 ? "beta" : ""}`.trim(),
      ).join("\n\n");
    for (let round = 0; round < 600; round++) {
      const id = `s${Math.floor(random() ** 2 * 60)}`;
      if (random() < 0.2) {
        await often.remove(acme, [id]);
        texts.delete(id);
      } else if (random() < 0.1 && texts.has(id)) await often.setMetadata(acme, id, { metadata: { round } });
      else {
        texts.set(id, text());
        await often.sync(acme, [sourceInput({ id, text: texts.get(id)!, version: String(round) })]);
      }
      await often.in(acme).read((snapshot) => snapshot.lexical({ text: "alpha" }, { k: 1 }));
    }
    const once = memoryIndex(options());
    await once.sync(
      acme,
      [...texts].map(([id, body]) => sourceInput({ id, text: body })),
    );
    const plain = ({ dense, lexical, size }: Awaited<ReturnType<typeof answers>>) => ({
      dense: dense.map(({ passage, score }) => [passage.id, passage.text, score]),
      lexical: lexical.map(({ passage, score, explain }) => [passage.id, score, explain]),
      size,
    });
    expect(plain(await answers(often))).toEqual(plain(await answers(once)));
  });

  it("an edit reads the rows of the source that it changed, and of no other", async () => {
    const inner = memoryStore();
    const read: string[] = [];
    const counting: Store = {
      ...inner,
      reader: () => {
        const reader = inner.reader();
        const get = (key: string): Uint8Array | undefined => {
          if (key.includes("/r/")) read.push(key);
          return reader.get(key);
        };
        return { ...reader, get };
      },
    };
    const index = embeddedIndex({
      store: counting,
      name: "test",
      persistent: false,
      options: checkIndexOptions({ splitter: paragraphSplitter() }),
    });
    const search = async () =>
      (await index.in(acme).read((snapshot) => snapshot.lexical({ text: "late" }, { k: 500 }))).hits.length;
    const inputs = Array.from({ length: 300 }, (_, at) => sourceInput({ id: `s${at}`, text: `alpha w${at}` }));
    await index.sync(acme, inputs);
    expect(await search()).toBe(0);
    expect(read).toHaveLength(300);
    for (let edit = 0; edit < 50; edit++) {
      read.length = 0;
      await index.sync(acme, [sourceInput({ id: `s${edit * 3}`, text: "late", version: "2" })]);
      expect(await search()).toBe(edit + 1);
      expect(read).toHaveLength(1);
    }
    read.length = 0;
    await index.remove(acme, ["s0"]);
    await index.setMetadata(acme, "s1", { metadata: { year: 2024 } });
    expect(await search()).toBe(49);
    expect(read).toEqual([]);
  });
});
