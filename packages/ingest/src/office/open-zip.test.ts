import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { openZip, type ZipLimits } from "./open-zip.js";
import { zipDirectory } from "./zip-directory.js";

const expected = { mediaType: zippedMediaTypes.docx, description: "a Word document (.docx)" };
const open = (bytes: Uint8Array, limits?: ZipLimits) => openZip({ bytes, name: "a.docx", expected, limits });
const word = { "[Content_Types].xml": strToU8("<Types/>"), "word/document.xml": strToU8("<document/>") };
const unreadable = (says: RegExp) =>
  expect.objectContaining({ code: "unreadable-source", message: expect.stringMatching(says) });
const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

/** Writes 32 bits of the one directory entry with the name. */
function patch(bytes: Uint8Array, name: string, field: "size" | "flags" | "method", value: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 0; at + 46 < copy.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    const length = view.getUint16(at + 28, true);
    if (new TextDecoder().decode(copy.subarray(at + 46, at + 46 + length)) !== name) continue;
    if (field === "size") view.setUint32(at + 24, value, true);
    else view.setUint16(at + (field === "flags" ? 8 : 10), value, true);
  }
  return copy;
}

describe("openZip", () => {
  it("reads stored and deflated files, and repacks those chosen", async () => {
    const zip = open(
      zipSync({ ...word, "a/b.txt": [strToU8("stored"), { level: 0 }], "c.txt": strToU8("x".repeat(5000)) }),
    );
    expect(zip.names).toContain("a/b.txt");
    expect(await zip.text("a/b.txt")).toBe("stored");
    expect(await zip.text("c.txt")).toBe("x".repeat(5000));
    expect(await zip.bytes("none")).toBeUndefined();
    const clean = await zip.repack((name) => name !== "c.txt");
    expect(zipDirectory(clean)!.map(({ name, size }) => [name, size])).toEqual([
      ["[Content_Types].xml", 8],
      ["word/document.xml", 11],
      ["a/b.txt", 6],
    ]);
  });

  it("refuses a zip bomb by its directory, without inflating it", () => {
    // 1,000 files of 10 MB of zeros are 10 GB out of 10 MB; the directory may point at one file many times
    const zeros = new Uint8Array(10_000_000);
    const bomb = zipSync({ ...word, ...Object.fromEntries(Array.from({ length: 3 }, (_, n) => [`z${n}`, zeros])) });
    expect(thrown(() => open(bomb))).toEqual(
      unreadable(/compressed more than 200 times, as in a zip bomb\. If you trust it, raise limits\.maxRatio/),
    );
    expect(thrown(() => open(bomb, { maxRatio: 2000, maxBytes: 20_000_000 }))).toEqual(
      unreadable(/more than 20000000\..*limits\.maxBytes/),
    );
    expect(open(bomb, { maxRatio: 2000 }).names).toHaveLength(5);
    const one = zipSync({ ...word, "word/big.xml": new Uint8Array(20_000_000) });
    expect(thrown(() => open(one))).toEqual(unreadable(/word\/big\.xml in it is compressed more than 200 times/));
  });

  it("stops inflating a file that is larger than its header says, within the memory that it promised", async () => {
    const bomb = patch(zipSync({ ...word, z: new Uint8Array(50_000_000) }, { level: 9 }), "z", "size", 1000);
    const zip = open(bomb);
    const before = process.memoryUsage().arrayBuffers;
    await expect(zip.bytes("z")).rejects.toEqual(unreadable(/z in it is larger than it says, as in a zip bomb/));
    await expect(zip.repack(() => true)).rejects.toEqual(unreadable(/larger than it says/));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it("refuses too many files, a password, an unknown method, damage and cut-off files", async () => {
    const many = zipSync({
      ...word,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, strToU8("x")])),
    });
    expect(thrown(() => open(many, { maxEntries: 10 }))).toEqual(unreadable(/more than 10 files.*limits\.maxEntries/));
    const plain = zipSync({ ...word, "a.txt": strToU8("hello hello hello") });
    await expect(open(patch(plain, "a.txt", "flags", 1)).bytes("a.txt")).rejects.toEqual(
      unreadable(/encrypted with a password/),
    );
    await expect(open(patch(plain, "a.txt", "method", 12)).bytes("a.txt")).rejects.toEqual(unreadable(/by method 12/));
    await expect(open(patch(plain, "a.txt", "size", 99)).bytes("a.txt")).rejects.toEqual(unreadable(/damaged/));
    expect(thrown(() => open(plain.subarray(0, plain.length - 30)))).toEqual(unreadable(/damaged or incomplete/));
  });

  it.each([
    [
      "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest",
      /password-protected Office file or an old \.doc, \.xls or \.ppt file, not a Word document.*remove the password/,
    ],
    ["Dear Sir", /it is a text file, not a Word document \(\.docx\)\. Give it the name ending of what it is/],
    ["%PDF-1.7", /it is a PDF file, not a Word document/],
    ["", /it is an empty file/],
  ])("%j under a wrong name is named for what it is", (text, says) => {
    expect(thrown(() => open(Uint8Array.from(text, (char) => char.charCodeAt(0))))).toEqual(unreadable(says));
  });

  it("property: bytes changed anywhere give a typed error or what was there", async () => {
    const bytes = zipSync({ ...word, "a.txt": strToU8("hello ".repeat(50)) });
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const torn = bytes.slice();
        torn[at]! ^= flip;
        try {
          const text = await open(torn).text("a.txt");
          expect([undefined, "hello ".repeat(50)]).toContain(text);
        } catch (error) {
          expect(error).toEqual(unreadable(/a\.docx/));
        }
      }),
      { numRuns: 300 },
    );
  });
});
