import { type Index, scope } from "@clew/core";
import { hashEmbedder, seededRandom, sourceInput, testIndex } from "@clew/core/testing";
import { Embeddings } from "@langchain/core/embeddings";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "./memory-index.js";
import { openIndex } from "./open-index.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

const acme = scope("acme");

describe("openIndex", () => {
  const paths = new WeakMap<object, string>();
  testIndex({
    open: async (setup) => {
      const path = temporaryDirectory();
      const index = await openIndex(path, setup);
      paths.set(index, path);
      return index;
    },
    reopen: async (index, setup) => {
      await index.close();
      return openIndex(paths.get(index)!, setup);
    },
  });

  it("takes any LangChain embeddings; memoryIndex, which cannot wait for them, says what to do", async () => {
    class Letters extends Embeddings {
      readonly model = "letters";

      override embedQuery = async (text: string): Promise<number[]> =>
        [..."aeiou"].map((letter) => text.split(letter).length);

      override embedDocuments = (texts: string[]): Promise<number[][]> => Promise.all(texts.map(this.embedQuery));
    }
    const index = await openIndex(temporaryDirectory(), { embedder: new Letters({}) });
    await index.sync(acme, [sourceInput("aaa aaa"), sourceInput({ id: "s2", text: "ooo ooo" })]);
    const { hits } = await index.in(acme).read((snapshot) => snapshot.dense({ text: "oo" }, { k: 1 }));
    expect(hits[0]!.passage.text).toBe("ooo ooo");
    await index.close();
    expect(() => memoryIndex({ embedder: new Letters({}) as never })).toThrowError(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining("embedderFrom") }),
    );
  });

  it("answers exactly as memoryIndex does, from two handles on one directory too", async () => {
    const random = seededRandom(5);
    const words = (count: number): string =>
      Array.from({ length: count }, () => `word${Math.floor(random() ** 2 * 80)}`).join(" ");
    const inputs = Array.from({ length: 40 }, (_, at) =>
      sourceInput({
        id: `s${at}`,
        title: words(2),
        text: Array.from({ length: 5 }, () => `${words(60)}.`).join("\n\n"),
      }),
    );
    const path = temporaryDirectory();
    const first = await openIndex(path, { embedder: hashEmbedder() });
    const second = await openIndex(path, { embedder: hashEmbedder() });
    const memory = memoryIndex({ embedder: hashEmbedder() });
    await first.sync(acme, inputs);
    await memory.sync(acme, inputs.toReversed());
    const answers = (index: Index) =>
      index.in(acme).read(async (snapshot) => ({
        lexical: await snapshot.lexical({ text: "word1 word7 word30" }, { k: 50 }),
        dense: await snapshot.dense({ text: "word1 word7 word30" }, { k: 50 }),
      }));
    const expected = await answers(memory);
    expect(expected.lexical.hits.length).toBeGreaterThan(20);
    for (const index of [first, second]) expect(await answers(index)).toEqual(expected);
    await Promise.all([first.close(), second.close()]);
  });
});
