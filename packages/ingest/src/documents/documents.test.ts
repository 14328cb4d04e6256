import type { SourceInput } from "@clew/core";
import { BaseDocumentLoader } from "@langchain/core/document_loaders/base";
import { Document } from "@langchain/core/documents";
import { describe, expect, it } from "vitest";
import { spansOf } from "../test-support/reader-input.js";
import { type DocumentLoader, type DocumentsOptions, documents, type LoadedDocument } from "./documents.js";

async function all(
  from: DocumentLoader | readonly LoadedDocument[],
  options?: DocumentsOptions,
): Promise<SourceInput[]> {
  const found: SourceInput[] = [];
  for await (const input of documents(from, options)) found.push(input);
  return found;
}
const read = async (input: SourceInput | undefined) => {
  if (input === undefined || !("read" in input)) throw new Error(JSON.stringify(input));
  return input.read({});
};

describe("documents", () => {
  it("takes a LangChain loader: parts of a source in order, pages by loc.pageNumber", async () => {
    class Pages extends BaseDocumentLoader {
      async load() {
        return [1, 2].map(
          (pageNumber) =>
            new Document({
              pageContent: `Text of page ${pageNumber}.`,
              metadata: { source: "dir/report.pdf", pdf: { totalPages: 2, info: { Title: "R" } }, loc: { pageNumber } },
            }),
        );
      }
    }
    const [input, ...rest] = await all(new Pages());
    expect(rest).toEqual([]);
    const { text } = await read(input);
    expect(text.text).toBe("Text of page 1.\n\nText of page 2.");
    expect(text.pages).toEqual([
      { page: 1, start: 0 },
      { page: 2, start: 17 },
    ]);
    expect(text.source).toMatchObject({
      id: "dir/report.pdf",
      title: "report.pdf",
      uri: "dir/report.pdf",
      metadata: { "pdf.totalPages": 2, "pdf.info.Title": "R" },
    });
    expect(text.source.metadata).not.toHaveProperty("loc.pageNumber");
  });

  it("makes blocks of parts without pages, and counts pages from 1", async () => {
    const rows = ["a: 1", "a: 2"].map((pageContent, line) => ({ pageContent, metadata: { source: "t.csv", line } }));
    expect(spansOf((await read((await all(rows))[0])).text).blocks).toEqual(["a: 1", "a: 2"]);
    const pages = ["x", ""].map((pageContent, page) => ({ pageContent, metadata: { source: "p.pdf", page } }));
    const { text, notes } = await read((await all(pages))[0]);
    expect(text.pages.map(({ page }) => page)).toEqual([1, 2]);
    expect(notes).toMatchObject([{ code: "guessed" }, { code: "page-without-text", detail: { page: 2 } }]);
  });

  it("D2: identity is an id, never a text", async () => {
    const twins = ["a", "b"].map((id) => new Document({ pageContent: "same", metadata: {}, id }));
    expect((await all(twins)).map(({ id }) => id)).toEqual(["a", "b"]);
    const nameless = await all([new Document({ pageContent: "x" })]);
    expect(nameless).toMatchObject([{ id: "document 1", failed: { message: /metadata.source/ } }]);
    const own = await all([new Document({ pageContent: "x" })], {
      id: (_, index) => `own ${index}`,
      title: () => "T",
      access: () => [],
    });
    expect((await read(own[0])).text.source).toMatchObject({ id: "own 0", title: "T", access: [] });
  });

  it("has a version of text, title, metadata and access", async () => {
    const version = async (document: LoadedDocument, options?: DocumentsOptions) =>
      (await read((await all([document], options))[0])).text.source.version;
    const plain = { pageContent: "x", metadata: { source: "s", year: 1 } };
    const before = await version(plain);
    expect(await version({ ...plain })).toBe(before);
    expect(await version({ ...plain, metadata: { source: "s", year: 2 } })).not.toBe(before);
    expect(await version(plain, { access: () => [] })).not.toBe(before);
  });

  it("fails a source without text, and passes on an error of the loader", async () => {
    expect(await all([{ pageContent: " ", metadata: { source: "s" } }])).toMatchObject([{ id: "s", failed: {} }]);
    await expect(all({ load: () => Promise.reject(new Error("no access")) })).rejects.toThrow("no access");
    expect(() => documents({} as unknown as DocumentLoader)).toThrow(/loader/);
  });
});
