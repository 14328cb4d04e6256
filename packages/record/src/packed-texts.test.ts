import type { TraceText } from "@clew/core";
import { expect, it } from "vitest";
import { packedTexts, unpackedTexts } from "./packed-texts.js";

const salt = "0".repeat(32);
const text = (words: string, sources: string[], more: Partial<TraceText> = {}): TraceText => ({
  salt,
  text: words,
  sources,
  ...more,
});
const texts = { t0: text("a", []), t1: text("b", ["x", "y"], { anySource: true }), t2: text("c", ["x", "y"]) };

it("keeps each list of sources once", () => {
  expect(JSON.parse(packedTexts(texts))).toEqual({
    lists: [[], ["x", "y"]],
    texts: {
      t0: { salt, text: "a", sources: 0 },
      t1: { salt, text: "b", sources: 1, anySource: true },
      t2: { salt, text: "c", sources: 1 },
    },
  });
});

it.each([
  {},
  texts,
  JSON.parse(
    `{"__proto__":${JSON.stringify(texts.t1)},"b":${JSON.stringify(texts.t2)},"1":${JSON.stringify(texts.t0)}}`,
  ),
  { "": text("\ud800\u2028", ["\ud800", "", "x,y", '"]']), constructor: text("", ["", "\ud800"]) },
])("gives back the same texts, whatever they are called and hold", (kept) => {
  const again = unpackedTexts(packedTexts(kept));
  expect(JSON.stringify(again)).toBe(JSON.stringify(kept));
  expect(packedTexts(again)).toBe(packedTexts(kept));
});

it.each([
  ["a list that nobody names", '{"lists":[[],["x","y"],["z"]]', '{"lists":[[],["x","y"]]'],
  ["lists in another order", '"a","sources":1', '"a","sources":0'],
  ["a list twice", '{"lists":[[],["x","y"],["x","y"]]', '{"lists":[[],["x","y"]]'],
  ["no list", '{"lists":{}', '{"lists":[[],["x","y"]]'],
  ["a list beyond the last", '"b","sources":7', '"b","sources":1'],
  ["a field more", '"more":1}}\n', "}}\n"],
  ["white space", "{ ", "{"],
])("finds %s", (_, to, from) => {
  const file = packedTexts(texts);
  expect(file).toContain(from);
  expect(() => unpackedTexts(file.replace(from, to))).toThrow(expect.objectContaining({ code: "trace-damaged" }));
});

it.each(["null\n", "[]\n", "{}\n", '{"lists":[],"texts":{"t0":null}}\n', '{"lists":[],"texts":{"t0":"x"}}\n', ""])(
  "finds that %j is no file of texts",
  (file) => {
    expect(() => unpackedTexts(file)).toThrow(expect.objectContaining({ code: "trace-damaged" }));
  },
);
