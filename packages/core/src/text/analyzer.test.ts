import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyzer } from "./analyzer.js";
import { fold } from "./fold.js";
import { rawAnalyzer } from "./raw-analyzer.js";
import { stopWords } from "./stop-words.js";
import { textLanguages } from "./text-language.js";

const english = analyzer();

describe("analyzer", () => {
  it("stems, folds and drops stop words, with offsets and gaps in the positions", () => {
    expect(english.analyze("The Cafés of Rome")).toEqual([
      { term: "cafe", start: 4, end: 9, position: 1 },
      { term: "rome", start: 13, end: 17, position: 3 },
    ]);
  });

  it.each([
    ["ISO-9001:2015", ["iso-9001:2015", "iso", "9001", "2015"]],
    ["10-K", ["10-k", "10", "k"]],
    ["snake_case_name", ["snake_case_name", "snake", "case", "name"]],
    ["CamelCaseName", ["camelcasenam", "camel", "case", "name"]],
    ["XMLHttpRequest", ["xmlhttprequest", "xml", "http", "request"]],
    ["v1.2.3", ["v1.2.3", "1.2.3", "1", "2", "3"]],
    ["foo.bar()", ["foo.bar", "foo", "bar"]],
    ["3.5kg", ["3.5kg", "3.5", "kg"]],
    ["$1,577", ["1577"]],
    ["user@host.tld", ["user@host.tld", "user", "host", "tld"]],
    ["U.S.", ["us"]],
    ["R&D", ["r&d", "r", "d"]],
    ["B12", ["b12"]],
    ["covid19", ["covid19", "covid", "19"]],
    ["well-known", ["well", "known"]],
    ["Mary's don't", ["mari", "dont"]],
    ["NASA's iPhone", ["nasa", "iphon", "phone"]],
  ])("cuts %s", (text, terms) => {
    expect(english.terms(text)).toEqual(terms);
  });

  it("gives a compound and its first part one position", () => {
    expect(english.analyze("my snake_case").map(({ term, position }) => [term, position])).toEqual([
      ["my", 0],
      ["snake_case", 1],
      ["snake", 1],
      ["case", 2],
    ]);
  });

  it("D8: 首都 and 東京 both find 東京は日本の首都です", () => {
    const terms = english.terms("東京は日本の首都です");
    expect(terms).toEqual(expect.arrayContaining(english.terms("首都")));
    expect(terms).toEqual(expect.arrayContaining(english.terms("東京")));
  });

  it.each([
    ["东京都知事选举", "知事"],
    ["ประเทศไทยเป็นประเทศ", "เป็น"],
    ["대한민국의 수도는 서울이다", "수도"],
    ["대한민국의 수도는 서울이다", "서울은"],
  ])("finds words of %s by %s", (text, query) => {
    expect(english.terms(text)).toEqual(expect.arrayContaining(english.terms(query)));
  });

  it.each([
    ["de", "die Häuser und das Haus", ["haus", "haus"]],
    ["fr", "l'économie des économies", ["econom", "econom"]],
    ["ru", "в книгах и книги", ["книг", "книг"]],
    ["tr", "KİTAPLAR", ["kitap"]],
    ["und", "the houses", ["the", "houses"]],
  ] as const)("knows %s", (language, text, terms) => {
    expect(analyzer({ language }).terms(text)).toEqual(terms);
  });

  it("takes its own stop words, and none", () => {
    expect(analyzer({ stopWords: ["Rome"] }).terms("the rome")).toEqual(["the"]);
    expect(analyzer({ stopWords: [] }).terms("the rome")).toEqual(["the", "rome"]);
    expect(analyzer({ stem: false }).terms("running")).toEqual(["running"]);
  });

  it("tells by the fingerprint what changes the terms", () => {
    const prints = [
      ...textLanguages.map((language) => analyzer({ language })),
      analyzer({ stem: false }),
      analyzer({ stopWords: [] }),
      rawAnalyzer(),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(analyzer().fingerprint).toBe(english.fingerprint);
  });

  it("refuses a language that it does not know", () => {
    expect(() => analyzer({ language: "xx" as "en" })).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });

  it("gives exact offsets in order, for any text", () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(..."aB1é東ก서.-_@:,'/ \n"), fc.string({ unit: "grapheme" })),
    });
    fc.assert(
      fc.property(text, (given) => {
        const tokens = english.analyze(given);
        expect(tokens.map(({ term }) => term)).toEqual(english.terms(given));
        for (const [index, { start, end, position, term }] of tokens.entries()) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(given.length);
          expect(term).toBe(fold(term));
          expect(start).toBeGreaterThanOrEqual(tokens[index - 1]?.start ?? 0);
          expect(position).toBeGreaterThanOrEqual(tokens[index - 1]?.position ?? 0);
        }
      }),
    );
  });

  it.each(["a", "aA", "a1", "1.", "1,111", "a_", "a'", "e\u0301", "東京", "ก", "가", "😀", "𝐀"])(
    "cuts a long run of %s into terms of bounded length",
    (piece) => {
      const terms = english.terms(piece.repeat(20_000));
      expect(Math.max(0, ...terms.map(({ length }) => length))).toBeLessThanOrEqual(512);
    },
  );
});

describe("rawAnalyzer", () => {
  it("keeps runs of [a-z0-9]", () => {
    expect(rawAnalyzer().analyze("İ The X-15")).toEqual([
      { term: "i", start: 0, end: 1, position: 0 },
      { term: "the", start: 2, end: 5, position: 1 },
      { term: "x", start: 6, end: 7, position: 2 },
      { term: "15", start: 8, end: 10, position: 3 },
    ]);
  });
});

describe("stopWords", () => {
  it("has Lucene's 33 for English, and none twice in any language", () => {
    expect(stopWords("en")).toHaveLength(33);
    for (const language of textLanguages) expect(new Set(stopWords(language)).size).toBe(stopWords(language).length);
  });
});
