import { testReader } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { defaultReaders } from "./default-readers.js";
import { htmlReader } from "./html/html-reader.js";
import { jsonReader } from "./json/json-reader.js";
import { markdownReader } from "./markdown/markdown-reader.js";
import { extensionOf, readerByMediaType, readerByName } from "./pick-reader.js";
import { csvReader } from "./table/csv-reader.js";
import { textReader } from "./text/text-reader.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const pdf = { name: "lying", bytes: bytes("%PDF-1.7\n") };
const empty = { name: "empty", bytes: new Uint8Array() };
const blank = { name: "blank", bytes: bytes(" \r\n\t ") };
const binary = { name: "binary", bytes: Uint8Array.of(0, 1, 2, 3, 0, 0, 254) };
const broken = [pdf, empty, blank, binary];

testReader({
  reader: markdownReader(),
  samples: [
    {
      name: "guide.md",
      mediaType: "text/markdown",
      bytes: bytes(
        "---\nyear: 1\n---\r\n# Cafe\u0301 guide\r\n\r\nText **bold**.\r\n\r\n| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n",
      ),
      contains: ["# Café guide\n", "Text **bold**.", "| 1 | 2 |"],
    },
    { name: "plain.md", mediaType: "text/markdown", bytes: bytes("Only text"), contains: ["Only text"] },
  ],
  broken,
});
testReader({
  reader: textReader(),
  samples: [{ name: "a.txt", mediaType: "text/plain", bytes: bytes("one\r\ntwo 😀"), contains: ["one\ntwo 😀"] }],
  broken,
});
testReader({
  reader: htmlReader(),
  samples: [
    {
      name: "page.html",
      mediaType: "text/html",
      bytes: bytes("<html lang=en><title>T</title><h1>Head &#xD800;</h1><p>Text</p><table><tr><td>a<td>b</table>"),
      contains: ["Head", "Text", "a | b"],
    },
  ],
  broken: [...broken, { name: "no text", bytes: bytes("<html><script>x</script></html>") }],
});
testReader({
  reader: csvReader(),
  samples: [
    {
      name: "t.csv",
      mediaType: "text/csv",
      bytes: bytes("a,b\r\n1,\u0301x\r\n"),
      contains: ["a; b\n", "a: 1; b: \u0301x"],
    },
  ],
  broken: [...broken, { name: "open quote.csv", bytes: bytes('a,b\n"1,2') }],
});
testReader({
  reader: jsonReader(),
  samples: [
    {
      name: "a.json",
      mediaType: "application/json",
      bytes: bytes('{"a":{"b":"x\\ud800"}}'),
      contains: ["a.b: x\ufffd"],
    },
    { name: "a.jsonl", mediaType: "application/jsonl", bytes: bytes('{"a":1}\r\n{"a":2}'), contains: ["a: 1", "a: 2"] },
  ],
  broken: [...broken, { name: "half.json", bytes: bytes('{"a":') }, { name: "none.json", bytes: bytes("[]") }],
});

describe("defaultReaders", () => {
  it("declares every ending, media type and id once", () => {
    const readers = defaultReaders();
    for (const all of [
      readers.flatMap(({ extensions }) => extensions),
      readers.flatMap(({ mediaTypes }) => mediaTypes),
      readers.map(({ id }) => id),
    ]) {
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it("are found by ending, and by media type down to any text", () => {
    const readers = defaultReaders();
    const byName = (name: string) => readerByName(readers, name)?.id;
    const byType = (type: string) => readerByMediaType(readers, type)?.id;
    expect(["A.MD", "a.b.pdf", ".md", "README", "x.rs"].map(byName)).toEqual([
      "markdown@1",
      "pdf@1",
      undefined,
      undefined,
      undefined,
    ]);
    expect(
      ["text/html", "text/x-rust", "application/xml", "image/svg+xml", "image/png", "application/zip"].map(byType),
    ).toEqual(["html@1", "text@1", "text@1", undefined, undefined, undefined]);
    expect(["a.tar.GZ", ".gitignore", "a.", "a"].map(extensionOf)).toEqual([".gz", "", ".", ""]);
  });
});
