import type { ParsedSentence } from "@clew/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { citationMarkers, openMarkerAt } from "./citation-markers.js";
import { draftParser } from "./parse-draft.js";

const parse = (text: string, size = text.length): ParsedSentence[] => {
  const parser = draftParser();
  const found: ParsedSentence[] = [];
  for (let at = 0; at < text.length; at += size) found.push(...parser.push(text.slice(at, at + size)));
  return [...found, ...parser.end()];
};

describe("citationMarkers", () => {
  it.each([
    ["[E1]", [{ evidence: "E1" }]],
    ["^[E1]", [{ evidence: "E1" }]],
    ["[E1, e2]", [{ evidence: "E1" }, { evidence: "E2" }]],
    ['[E1: "was founded (in 1575)"]', [{ evidence: "E1", quote: "was founded (in 1575)" }]],
    ["(E1)", [{ evidence: "E1" }]],
    ['(E1: "was founded (in 1575)")', [{ evidence: "E1", quote: "was founded (in 1575)" }]],
    ["(E1; E2)", [{ evidence: "E1" }, { evidence: "E2" }]],
    ["【E1】", [{ evidence: "E1" }]],
    ["【E12†leiden.md】", [{ evidence: "E12" }]],
    ["【E1: “was founded”】", [{ evidence: "E1", quote: "was founded" }]],
    ["^E1", [{ evidence: "E1" }]],
    ["^E1^", [{ evidence: "E1" }]],
    ['<quote id="E1">was founded in 1575</quote>', [{ evidence: "E1", quote: "was founded in 1575" }]],
    ["<cite source='E1'>was founded in 1575</cite>", [{ evidence: "E1", quote: "was founded in 1575" }]],
  ])("reads %s, whole or in pieces of any size", (mark, citations) => {
    for (const text of [
      `Leiden was founded in 1575 ${mark}. It is old.`,
      `Leiden was founded in 1575. ${mark} It is old.`,
    ]) {
      for (let size = 1; size <= text.length; size++) {
        const [first, second, ...more] = parse(text, size);
        expect(first?.citations).toEqual(citations);
        // words between tags within a sentence are its own
        if (!mark.startsWith("<") || text.includes(". <")) expect(first?.text).toBe("Leiden was founded in 1575.");
        expect([second?.text, second?.citations, more]).toEqual(["It is old.", [], []]);
      }
    }
  });

  it("keeps the words between two tags where they are a part of the sentence", () => {
    const [first] = parse('Leiden <quote id="E2">was founded in 1575</quote> by William. It is old.');
    expect(first).toEqual({
      text: "Leiden was founded in 1575 by William.",
      citations: [{ evidence: "E2", quote: "was founded in 1575" }],
    });
  });

  it("takes a bare number for a hint, and for nothing where it is the text of a link", () => {
    expect(
      parse("Leiden is old [1]. It is in Holland [2, 3].").map(({ text, citations, hints }) => [
        text,
        citations,
        hints,
      ]),
    ).toEqual([
      ["Leiden is old.", [], ["E1"]],
      ["It is in Holland.", [], ["E2", "E3"]],
    ]);
    expect(citationMarkers("[1](https://a.example)")).toEqual([]);
  });

  it.each(["(an Empire)", "E1 visas", "[sic]", "2^E", "(E)", "a < b", "【注】", "x[10000]", "<quote>no id</quote>"])(
    "leaves %s alone",
    (text) => {
      expect(citationMarkers(text)).toEqual([]);
    },
  );

  it("holds nothing back that no marker can begin", () => {
    for (const text of ["(see above", "[sic", "a < b and", "x^2 and", "(Economy of", "【注"])
      expect(openMarkerAt(text)).toBe(undefined);
    for (const text of ["(E", '[E1: "wor', "【", "^E", "<quo", '<quote id="E1">wor', '(E1: "a (b) c', "[1"]) {
      expect(openMarkerAt(`so ${text}`)).toBe(3);
    }
  });

  it("is linear in markers that never close", () => {
    const parser = draftParser();
    for (const piece of ['(E1: "', "[E1", '<quote id="E1">', "^", "【"]) {
      const text = piece.repeat(2000);
      expect(citationMarkers(text)).toBeDefined();
      for (let at = 0; at < text.length; at += 7) parser.push(text.slice(at, at + 7));
    }
    expect(parser.end()).toBeDefined();
  });

  it("gives the same citations for any cutting of the same draft", () => {
    const part = fc.constantFrom(
      "Leiden is old",
      "It was founded in 1575",
      ". ",
      " [E1]",
      " (E2)",
      '[E3: "in 1575"]',
      "【E4】",
      "^E5",
      '<quote id="E6">old</quote>',
      " [7]",
      "\n",
      "über 東京 🙂 ",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join("");
        const cited = (found: ParsedSentence[]) =>
          found.flatMap(({ citations, hints = [] }) => [...citations.map(({ evidence }) => evidence), ...hints]);
        expect(cited(parse(text, size))).toEqual(cited(parse(text)));
        for (const { text: shown } of parse(text, size)) expect(shown).not.toMatch(/\[E|\(E\d|【E|\^E|<\/?quote/);
      }),
    );
  });
});
