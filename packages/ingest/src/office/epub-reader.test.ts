import type { ReaderInput } from "@clew/core";
import { testReader } from "@clew/core/testing";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { epubReader } from "./epub-reader.js";

const chapter = (body: string) =>
  strToU8(
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title><script src="a.js"/></head><body>${body}</body></html>`,
  );

function writeEpub(more: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  return zipSync({
    mimetype: [strToU8("application/epub+zip"), { level: 0 }],
    "META-INF/container.xml": strToU8(
      '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    ),
    "OPS/book.opf": strToU8(
      `<package xmlns:dc="d"><metadata><dc:title>The Book</dc:title><dc:language>en-GB</dc:language><dc:creator>A. Writer</dc:creator></metadata><manifest>
        <item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
        <item id="one" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>
        <item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
        <item id="gone" href="text/gone.xhtml" media-type="application/xhtml+xml"/>
        <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>
        <spine><itemref idref="nav"/><itemref idref="two"/><itemref idref="one"/><itemref idref="gone"/></spine></package>`,
    ),
    "OPS/nav.xhtml": chapter('<nav><ol><li><a href="text/one%20a.xhtml#top">Chapter &amp; One</a></li></ol></nav>'),
    "OPS/toc.ncx": strToU8(
      '<ncx><navMap><navPoint><navLabel><text>Not used</text></navLabel><content src="text/two.xhtml"/></navPoint></navMap></ncx>',
    ),
    "OPS/text/one a.xhtml": chapter('<a id="top"/><p>First <i/>words.</p><table><tr><td>a</td><td>b</td></tr></table>'),
    "OPS/text/two.xhtml": chapter("<section><h2>Preface</h2><p>Before all.</p></section>"),
    ...more,
  });
}

const input = (bytes: Uint8Array): ReaderInput => ({
  id: "1",
  bytes,
  name: "book.epub",
  mediaType: zippedMediaTypes.epub,
  version: "1",
  metadata: { shelf: 3 },
});

const good = writeEpub();
testReader({
  reader: epubReader(),
  samples: [
    {
      name: "good.epub",
      mediaType: zippedMediaTypes.epub,
      bytes: good,
      contains: ["Preface", "Chapter & One", "First words."],
    },
  ],
  broken: [
    { name: "empty", bytes: new Uint8Array() },
    { name: "text", bytes: new TextEncoder().encode("Dear Sir") },
    { name: "binary", bytes: Uint8Array.from({ length: 300 }, (_, n) => (n * 37) % 256) },
    { name: "cut", bytes: good.subarray(0, good.length / 2) },
    { name: "old", bytes: Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0) },
  ],
});

describe("epubReader", () => {
  it("reads the spine in order, names chapters without a heading, and takes the title of the package", async () => {
    const { text, notes } = await epubReader().read(input(writeEpub()));
    expect(text.text).toBe("Preface\n\nBefore all.\n\nChapter & One\n\nFirst words.\n\na | b");
    expect(text.headings.map(({ level, text: heading }) => [level, heading])).toEqual([
      [2, "Preface"],
      [1, "Chapter & One"],
    ]);
    expect(text.source).toMatchObject({ title: "The Book", metadata: { author: ["A. Writer"], shelf: 3 } });
    expect(text.language).toBe("en-GB");
    expect(notes).toEqual([
      {
        code: "source-skipped",
        message: '"book.epub" lists OPS/text/gone.xhtml, but does not hold it.',
        detail: { path: "OPS/text/gone.xhtml" },
      },
    ]);
  });

  it("refuses a protected book, and one without chapters", async () => {
    const locked = writeEpub({
      "META-INF/encryption.xml": strToU8(
        '<encryption><EncryptedData><CipherData><CipherReference URI="OPS/text/two.xhtml"/></CipherData></EncryptedData></encryption>',
      ),
    });
    await expect(epubReader().read(input(locked))).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/copy-protected/),
    });
    const hollow = writeEpub({ "OPS/book.opf": strToU8("<package/>") });
    await expect(epubReader().read(input(hollow))).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(/lists no chapters/),
    });
  });

  it("scrambled fonts do no harm", async () => {
    const fonts = writeEpub({
      "META-INF/encryption.xml": strToU8('<encryption><CipherReference URI="OPS/font.otf"/></encryption>'),
    });
    const { text } = await epubReader().read(input(fonts));
    expect(text.text).toContain("First words.");
  });
});
