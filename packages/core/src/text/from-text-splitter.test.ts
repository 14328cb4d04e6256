import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SourceText } from "../source/source-text.js";
import { fromTextSplitter } from "./from-text-splitter.js";

const sourceText = (text: string): SourceText => ({
  source: { id: "s", title: "T", mediaType: "text/plain", version: "1", metadata: {} },
  text,
  pages: [],
  headings: [],
});
const fixed = (...chunks: string[]) => fromTextSplitter({ splitText: async () => chunks }, { fingerprint: "fixed" });

describe("fromTextSplitter", () => {
  it("D9: locates repeated chunks one behind the other", async () => {
    const passages = await fixed("aaaa", "aaaa", "b").split(sourceText("aaaaaaaa b"));
    expect(passages.map(({ span }) => span)).toEqual([
      [0, 4],
      [4, 8],
      [9, 10],
    ]);
  });

  it("finds chunks whose white space was changed, and quotes the source", async () => {
    const passages = await fixed(" one two ", "three").split(sourceText("one\r\n  two\n\nthree"));
    expect(passages.map(({ text }) => text)).toEqual(["one\r\n  two", "three"]);
  });

  it("refuses a chunk that is not in the text", async () => {
    await expect(fixed("one", "three").split(sourceText("one two"))).rejects.toMatchObject({ code: "invalid-option" });
    await expect(fixed("two", "one").split(sourceText("one two"))).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("takes LangChain's own splitter, overlap and all", async () => {
    const inner = new RecursiveCharacterTextSplitter({ chunkSize: 60, chunkOverlap: 20 });
    const made = fromTextSplitter(inner, { fingerprint: "recursive:60:20" });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.lorem({ maxCount: 12 }), { maxLength: 12 }), async (paragraphs) => {
        const given = sourceText(paragraphs.join("\n\n"));
        const passages = await made.split(given);
        const chunks = await inner.splitText(given.text);
        expect(passages.map(({ text }) => text)).toEqual(chunks);
        for (const { span, text } of passages) expect(given.text.slice(...span)).toBe(text);
      }),
      { numRuns: 40 },
    );
  });
});
