import type { ParsedSentence } from "@clew/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftParser } from "./parse-draft.js";

const parse = (pieces: readonly string[]): ParsedSentence[] => {
  const parser = draftParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
};

const draft =
  'The university was founded in 1575. [E2: "was founded in 1575 [sic]"] It is old [E1, e3]. [E4:“quoted”] Nobody cites this. Dr. Who [E99] ends';
const sentences: ParsedSentence[] = [
  { text: "It is old.", citations: [{ evidence: "E1" }, { evidence: "E3" }, { evidence: "E4", quote: "quoted" }] },
  { text: "Nobody cites this.", citations: [] },
  { text: "Dr. Who ends", citations: [{ evidence: "E99" }] },
];

describe("draftParser", () => {
  it("gives each sentence the markers in it and behind it", () => {
    const plain = draft.replace(" [sic]", "");
    expect(parse([plain])).toEqual([
      { text: "The university was founded in 1575.", citations: [{ evidence: "E2", quote: "was founded in 1575" }] },
      ...sentences,
    ]);
  });

  it("gives the same however the text is cut into pieces", () => {
    const plain = draft.replace(" [sic]", "");
    const whole = parse([plain]);
    fc.assert(
      fc.property(fc.array(fc.nat(plain.length), { maxLength: 30 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), plain.length];
        expect(parse(at.slice(1).map((end, index) => plain.slice(at[index], end)))).toEqual(whole);
      }),
    );
    expect(parse([...plain])).toEqual(whole);
  });

  it("hands a sentence over as soon as the next one begins", () => {
    const parser = draftParser();
    expect(parser.push("One is first. [E1] Tw")).toEqual([{ text: "One is first.", citations: [{ evidence: "E1" }] }]);
    expect(parser.push("o is second")).toEqual([]);
  });

  it.each<[string, string[], boolean]>([
    ['It is old. [E1: "old"] It was foun', ["It is old.", "It was foun"], true],
    ["It cost 1.", ["It cost 1."], true],
    ["He met Dr.", ["He met Dr."], true],
    ['It is old. [E1: "old"]', ["It is old."], false],
    ["It is old [E1].", ["It is old."], false],
    ['It is old. [E1: "the wor', ["It is old."], false],
    ['It is ol [E1: "the wor', ["It is ol"], true],
    ["It is old.\n\n\n", ["It is old."], false],
  ])("of a draft that was cut, tells whether the last sentence had ended: %j", (text, texts, unfinished) => {
    const parser = draftParser();
    const found = [...parser.push(text), ...parser.end(true)];
    expect(found.map((sentence) => sentence.text)).toEqual(texts);
    expect(found.map((sentence) => sentence.unfinished === true)).toEqual(
      texts.map((_, index) => unfinished && index === texts.length - 1),
    );
  });

  it("loses no word of any text without markers", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (pieces) => {
        const words = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, "");
        const text = pieces.join("").replaceAll("[", "(");
        const kept = parse([text])
          .map(({ text: sentence }) => words(sentence))
          .join("");
        expect(kept).toBe(words(text));
      }),
    );
  });
});
