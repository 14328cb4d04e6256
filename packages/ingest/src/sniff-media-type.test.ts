import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { sniffMediaType, zippedMediaTypes } from "./sniff-media-type.js";

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const zip = (...names: string[]) => zipSync(Object.fromEntries(names.map((name) => [name, strToU8("x")])));
const mediaType = (input: Uint8Array) => sniffMediaType(input).mediaType;

describe("sniffMediaType", () => {
  it.each([
    ["", "application/x-empty"],
    ["%PDF-1.7\n…", "application/pdf"],
    ["\n\njunk\n%PDF-1.4", "application/pdf"],
    ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "application/x-ole-storage"],
    ["\x89PNG\r\n\x1a\n\0", "image/png"],
    ["\xff\xd8\xff\xe0", "image/jpeg"],
    ["GIF89a", "image/gif"],
    ["RIFF\0\0\0\0WEBPVP8 ", "image/webp"],
    ["\x1f\x8b\x08", "application/gzip"],
    ["{\\rtf1", "application/rtf"],
    ["<!DOCTYPE html><p>%PDF-1.4", "text/html"],
    ['<?xml version="1.0"?>\n<!-- a -->\n<!doctype HTML>', "text/html"],
    ["<html>", "text/html"],
    ['<?xml version="1.0"?><rss/>', "application/xml"],
    ["Plain words about %PDF-1.4", "text/plain"],
    ["\x01\x02\x03\x04", "application/octet-stream"],
    ["a\0b\x01", "application/octet-stream"],
  ])("%j is %s", (text, expected) => {
    expect(mediaType(bytes(text))).toBe(expected);
  });

  it("tells zipped formats apart by their entries", () => {
    expect(mediaType(zip("[Content_Types].xml", "word/document.xml"))).toBe(zippedMediaTypes.docx);
    expect(mediaType(zip("[Content_Types].xml", "xl/workbook.xml"))).toBe(zippedMediaTypes.xlsx);
    expect(mediaType(zip("[Content_Types].xml", "ppt/presentation.xml"))).toBe(zippedMediaTypes.pptx);
    expect(mediaType(zip("mimetype", "META-INF/container.xml"))).toBe(zippedMediaTypes.epub);
    expect(mediaType(zip("readme.txt"))).toBe("application/zip");
    expect(mediaType(zip("word/document.xml").subarray(0, 60))).toBe("application/zip");
    const odt = zipSync({ mimetype: [strToU8("application/vnd.oasis.opendocument.text"), { level: 0 }] });
    expect(mediaType(odt)).toBe("application/vnd.oasis.opendocument.text");
  });

  it("names the encoding that the bytes prove", () => {
    expect(sniffMediaType(bytes("caf\xe9")).encoding).toBeUndefined();
    expect(sniffMediaType(strToU8("café")).encoding).toBe("utf-8");
    expect(sniffMediaType(bytes("\xff\xfea\0b\0")).encoding).toBe("utf-16le");
    expect(sniffMediaType(bytes("\xfe\xff\0a\0b")).encoding).toBe("utf-16be");
    expect(sniffMediaType(bytes("w\0o\0r\0d\0s\0")).encoding).toBe("utf-16le");
  });

  it("property: any UTF-8 text without control characters is a text; nothing throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        expect(sniffMediaType(new TextEncoder().encode(`a ${text}`))).toMatchObject({
          mediaType: "text/plain",
          encoding: "utf-8",
        });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => typeof sniffMediaType(any).mediaType === "string"),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        const torn = new Uint8Array([...zip("word/document.xml"), ...any]);
        return typeof sniffMediaType(torn).mediaType === "string";
      }),
    );
  });
});
