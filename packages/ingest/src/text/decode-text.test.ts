import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.js";

const options = { name: "notes.txt", expected: "plain text" };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function utf16(text: string, bigEndian: boolean, mark: boolean): Uint8Array {
  const units = [...(mark ? "\ufeff" : "")].concat(text.split(""));
  return Uint8Array.from(
    units.flatMap((unit) => {
      const code = unit.charCodeAt(0);
      return bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8];
    }),
  );
}

describe("decodeText", () => {
  it("gives NFC with \\n for any text, as if it had been decoded whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom("a", "\u0301", "e", "\r", "\n", "\r\n", "가", "\u1100", "\u1161", "か", "\u3099", "😀", " "),
        ),
        async (parts) => {
          const text = `x${parts.join("")}`;
          const { text: decoded, notes } = await decodeText(utf8(text), options);
          expect(decoded).toBe(text.replace(/\r\n?/g, "\n").normalize("NFC"));
          expect(notes).toEqual([]);
        },
      ),
    );
  });

  it("does not tear line ends, accents or syllables where one piece ends and the next begins", async () => {
    for (const [unit, pad] of [
      ["\r\n", 0],
      ["e\u0301", 1],
      ["\u1100\u1161", 2],
      ["か\u3099", 3],
      ["😀", 1],
    ] as const) {
      const text = `${"x".repeat(pad)}${unit.repeat(600_000)}end`;
      const { text: decoded } = await decodeText(utf8(text), options);
      expect(decoded === text.replace(/\r\n?/g, "\n").normalize("NFC")).toBe(true);
    }
  });

  it("follows byte order marks", async () => {
    for (const bytes of [utf8("\ufeffGrüße"), utf16("Grüße", false, true), utf16("Grüße", true, true)]) {
      expect(await decodeText(bytes, options)).toMatchObject({ text: "Grüße", notes: [] });
    }
  });

  it("guesses UTF-16 without a mark, and windows-1252, and says so", async () => {
    const wide = await decodeText(utf16("a plain English text", false, false), options);
    expect(wide).toMatchObject({ text: "a plain English text", encoding: "utf-16le", notes: [{ code: "guessed" }] });
    const narrow = await decodeText(Uint8Array.of(0x93, 0x63, 0x61, 0x66, 0xe9, 0x94), options);
    expect(narrow).toMatchObject({ text: "“café”", encoding: "windows-1252", notes: [{ code: "guessed" }] });
  });

  it("follows a declared encoding, and notes one that does not exist or does not fit", async () => {
    const bytes = Uint8Array.of(0xc6, 0xfc, 0xa1); // "日" would need two of these in EUC-JP; invalid at the end
    expect(await decodeText(Uint8Array.of(0xcf, 0xf0, 0xe8), { ...options, declared: "windows-1251" })).toMatchObject({
      text: "При",
      notes: [],
    });
    expect(await decodeText(utf8("x"), { ...options, declared: "klingon" })).toMatchObject({
      notes: [{ code: "guessed" }],
    });
    expect(await decodeText(bytes, { ...options, declared: "euc-jp" })).toMatchObject({
      encoding: "windows-1252",
      notes: [{ code: "guessed" }],
    });
  });

  it("refuses what is empty, blank or no text, by name and reason", async () => {
    const refused = async (bytes: Uint8Array): Promise<unknown> =>
      decodeText(bytes, options).catch((error: unknown) => error);
    expect(await refused(new Uint8Array())).toMatchObject({ code: "unreadable-source", message: /"notes.txt".*empty/ });
    expect(await refused(utf8(" \n\t"))).toMatchObject({ code: "unreadable-source", message: /white space/ });
    expect(await refused(utf8("%PDF-1.7\n"))).toMatchObject({
      code: "unreadable-source",
      message: /a PDF file, not plain text/,
    });
    expect(await refused(Uint8Array.of(0, 1, 2, 3, 0, 0, 9))).toMatchObject({ code: "unreadable-source" });
    expect(await refused(Uint8Array.of(0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8))).toMatchObject({
      code: "unreadable-source",
    });
  });

  it("stops when aborted between pieces", async () => {
    const controller = new AbortController();
    const decoding = decodeText(utf8("x".repeat(4 << 20)), { ...options, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(decoding).rejects.toThrow("enough");
  });
});
