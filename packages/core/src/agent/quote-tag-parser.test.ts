import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteTagParser } from "./quote-tag-parser.js";
import type { ParsedSentence } from "./writer-form.js";

const read = (pieces: readonly string[], cut = false): ParsedSentence[] => {
  const parser = quoteTagParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end(cut)];
};
const q = (id: string, words: string): string => `<quote id="${id}">${words}</quote>`;
const quote = (evidence: string, words: string) => ({ evidence, quote: words });

describe("quoteTagParser", () => {
  it.each<[string, string, ParsedSentence[]]>([
    [
      "a quote alone",
      q("E1", "It was founded in 1575."),
      [{ text: "It was founded in 1575.", citations: [quote("E1", "It was founded in 1575.")] }],
    ],
    [
      "quotes alone, one after the other",
      `${q("E1", "A is b.")}\n${q("e02", "C is d.")}`,
      [
        { text: "A is b.", citations: [quote("E1", "A is b.")] },
        { text: "C is d.", citations: [quote("E2", "C is d.")] },
      ],
    ],
    [
      "a sentence with quotes behind it",
      `Leiden is old. ${q("E1", "was founded in 1575")} ${q("E2", "the oldest")} It is small.`,
      [
        { text: "Leiden is old.", citations: [quote("E1", "was founded in 1575"), quote("E2", "the oldest")] },
        { text: "It is small.", citations: [] },
      ],
    ],
    [
      "a quote within a sentence",
      `It ${q("E3", "was founded")} by William. Then ${q("E4", "it grew.")}`,
      [
        { text: "It was founded by William.", citations: [quote("E3", "was founded")] },
        { text: "Then it grew.", citations: [quote("E4", "it grew.")] },
      ],
    ],
    [
      "other quotation marks and spaces",
      "<Quote  id = 'E1' >a b</QUOTE >",
      [{ text: "a b", citations: [quote("E1", "a b")] }],
    ],
    ["an id of another kind", q("doc-7", "a b"), [{ text: "a b", citations: [quote("doc-7", "a b")] }]],
    ["a quote that nobody closed", '<quote id="E1">a b', [{ text: "a b", citations: [quote("E1", "a b")] }]],
    [
      "a quote that the next one closes",
      `<quote id="E1">a b ${q("E2", "c d")}`,
      [
        { text: "a b", citations: [quote("E1", "a b")] },
        { text: "c d", citations: [quote("E2", "c d")] },
      ],
    ],
    [
      "an end without a beginning",
      "A is b.</quote> C.",
      [
        { text: "A is b.", citations: [] },
        { text: "C.", citations: [] },
      ],
    ],
    [
      "less-than signs",
      "If a < b and b <q then <em>c</em>.",
      [{ text: "If a < b and b <q then <em>c</em>.", citations: [] }],
    ],
    ["nothing", q("E1", "  ") + q("E2", "…"), []],
  ])("reads %s, whatever the pieces", (_name, text, expected) => {
    expect(read([text])).toEqual(expected);
    expect(read([...text])).toEqual(expected);
  });

  it("tells what a cut left unfinished", () => {
    const cut = (text: string) => read([text], true).map(({ text: said, unfinished = false }) => [said, unfinished]);
    expect(cut('A is b. <quote id="E1">It was foun')).toEqual([["A is b.", false]]);
    expect(cut('<quote id="E1">It was foun')).toEqual([["It was foun", true]]);
    expect(cut(`${q("E1", "It was founded.")} And the`)).toEqual([
      ["It was founded.", false],
      ["And the", true],
    ]);
    expect(cut("A is b. C <quo")).toEqual([
      ["A is b.", false],
      ["C <quo", true],
    ]);
  });

  it("finds the same sentences however the stream is cut", () => {
    const word = fc.constantFrom("Ariadne", "gave", "thread", "1450", "a < b", "<b>", "東京。", "\n", "etc.", "…");
    const part = fc.oneof(
      word,
      fc.constantFrom(". ", "! ", "</quote>", "<quote", "<quote id=", '<quote id="E1">'),
      fc.tuple(fc.nat(9), fc.array(word, { maxLength: 3 })).map(([id, words]) => q(`E${id}`, words.join(" "))),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.boolean(),
        (parts, sizes, cut) => {
          const text = parts.join(" ");
          const pieces: string[] = [];
          for (let at = 0, turn = 0; at < text.length; turn++) {
            const size = sizes[turn % sizes.length]!;
            pieces.push(text.slice(at, at + size));
            at += size;
          }
          const whole = read([text], cut);
          const words = (list: readonly ParsedSentence[]) =>
            list
              .map(({ text: said }) => said)
              .join(" ")
              .replace(/\s+/g, "");
          // where a sentence ends may be seen earlier or later; nothing is lost, doubled or cited anew
          expect(words(read(pieces, cut))).toBe(words(whole));
          const cited = (list: readonly ParsedSentence[]) => list.flatMap(({ citations }) => citations);
          expect(cited(read(pieces, cut))).toEqual(cited(whole));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("refuses a tag that is none", () => {
    expect(() => quoteTagParser({ tag: "a>b" })).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  });
});
