import { scope } from "@clew/core";
import { type HashEmbedder, hashEmbedder, paragraphSplitter, sourceInputs } from "@clew/core/testing";
import { analyzer, rawAnalyzer } from "@clew/core/text";
import { expect, it } from "vitest";
import { openIndex } from "./open-index.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

const acme = scope("acme");
const splitter = paragraphSplitter();

async function filled(embedder: HashEmbedder | undefined = hashEmbedder()): Promise<string> {
  const path = temporaryDirectory();
  const index = await openIndex(path, { embedder, splitter });
  await index.sync(acme, sourceInputs(["red fox", "blue dog"]));
  await index.close();
  return path;
}

it("another embedder, analyzer or splitter is refused on opening, with both names and the remedy", async () => {
  const path = await filled();
  const embedder = hashEmbedder();
  for (const [options, names] of [
    [{ embedder: hashEmbedder({ id: "other" }), splitter }, ["hash-64", "other"]],
    [{ embedder: hashEmbedder({ id: "hash-64", prefixes: { query: "query: " } }), splitter }, ["query: "]],
    [{ embedder, splitter, analyzer: rawAnalyzer() }, [analyzer().fingerprint, "clew-raw-1"]],
    [{ embedder, splitter: { ...splitter, fingerprint: "other@1" } }, ["paragraphs@1", "other@1"]],
    [{ embedder, splitter, links: false }, ["a link leg", "links: false"]],
  ] as const) {
    const refused = openIndex(path, options);
    await expect(refused).rejects.toMatchObject({ code: "index-mismatch" });
    for (const name of names) await expect(refused).rejects.toThrow(name);
    await expect(refused).rejects.toThrow("another directory");
  }
});

it("an index that was made without an embedder is not opened with one", async () => {
  const path = temporaryDirectory();
  const index = await openIndex(path, { splitter });
  await index.sync(acme, sourceInputs(["red fox"]));
  await index.close();
  await expect(openIndex(path, { splitter, embedder: hashEmbedder() })).rejects.toThrow("no embedder");
});

it("without its embedder an index can be read on the lexical leg, and be removed from, but not synced", async () => {
  const path = await filled();
  const index = await openIndex(path);
  expect(index.in(acme).capabilities).toMatchObject({ lexical: true, dense: false });
  const { hits } = await index.in(acme).read((snapshot) => snapshot.lexical({ text: "fox" }, { k: 1 }));
  expect(hits).toHaveLength(1);
  await expect(index.sync(acme, sourceInputs(["new"]))).rejects.toMatchObject({ code: "index-mismatch" });
  expect(await index.remove(acme, ["s2"])).toEqual(["s2"]);
  await index.close();
});

it("an embedder of the same name with other vectors is refused at its first use", async () => {
  const path = await filled();
  const impostor = { ...hashEmbedder(), ...reversed(hashEmbedder()) };
  const index = await openIndex(path, { embedder: impostor, splitter });
  const dense = () => index.in(acme).read((snapshot) => snapshot.dense({ text: "fox" }, { k: 1 }));
  await expect(dense()).rejects.toMatchObject({ code: "index-mismatch", message: expect.stringContaining("cosine") });
  await expect(dense()).rejects.toMatchObject({ code: "index-mismatch" });
  await expect(index.sync(acme, sourceInputs(["new text"]))).rejects.toMatchObject({ code: "index-mismatch" });
  const { hits } = await index.in(acme).read((snapshot) => snapshot.lexical({ text: "fox" }, { k: 1 }));
  expect(hits).toHaveLength(1);
  await index.close();
});

it("opening and lexical search load no model", async () => {
  const path = await filled();
  const embedder = hashEmbedder();
  const index = await openIndex(path, { embedder, splitter });
  await index.in(acme).read((snapshot) => snapshot.lexical({ text: "fox" }, { k: 1 }));
  expect(embedder.calls).toBe(0);
  await index.close();
});

it("read only: reads, refuses writes, and does not make an index", async () => {
  const path = await filled();
  const index = await openIndex(path, { embedder: hashEmbedder(), splitter, readOnly: true });
  const { hits } = await index.in(acme).read((snapshot) => snapshot.dense({ text: "fox" }, { k: 5 }));
  expect(hits).toHaveLength(2);
  await expect(index.sync(acme, [])).rejects.toMatchObject({ code: "invalid-option" });
  await expect(index.remove(acme, ["s1"])).rejects.toMatchObject({ code: "invalid-option" });
  await index.close();
  await expect(openIndex(temporaryDirectory(), { readOnly: true })).rejects.toMatchObject({ code: "not-found" });
});

const reversed = (inner: HashEmbedder): Pick<HashEmbedder, "embedDocuments" | "embedQuery"> => {
  const turn = async (result: ReturnType<HashEmbedder["embedQuery"]>) => {
    const { vectors, ...rest } = await result;
    return { ...rest, vectors: vectors.map((vector) => vector.toReversed()) };
  };
  return {
    embedDocuments: (texts, options) => turn(inner.embedDocuments(texts, options)),
    embedQuery: (text, options) => turn(inner.embedQuery(text, options)),
  };
};
