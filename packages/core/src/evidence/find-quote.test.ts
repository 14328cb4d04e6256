import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findQuote } from "./find-quote.js";
import { quoteForm } from "./quote-form.js";

const found = (quote: string, text: string): string | undefined => {
  const span = findQuote(quote, text);
  return span && text.slice(...span);
};

describe("findQuote", () => {
  it.each([
    ["the cat  sat", "and the cat sat down", "the cat sat"],
    ["the cat sat", "and the\n  cat\u00a0\u200bsat down", "the\n  cat\u00a0\u200bsat"],
    ['said "yes"', "she said “yes” twice", "said “yes”"],
    ["said 'yes'", "she said „yes“ twice", "said „yes“"],
    ["it's 5' long", "it’s 5′ long", "it’s 5′ long"],
    ["1990-1995", "in 1990–1995 only", "1990–1995"],
    ["minus -3 -- or so", "minus −3 — or so", "minus −3 — or so"],
    ["wait... what", "wait… what", "wait… what"],
    ["efficient office", "an eﬃcient oﬃce", "eﬃcient oﬃce"],
    ["ABC 123", "ＡＢＣ　１２３", "ＡＢＣ　１２３"],
    ["cafe\u0301 noir", "un café noir", "café noir"],
    ["cooperation", "co\u00adopera\u00adtion", "co\u00adopera\u00adtion"],
    ['"The cat sat."', "Then the fox. The cat sat, and left.", "The cat sat"],
    ["The company grew.", "In 1912, the company grew.", "the company grew"],
    ["東京は日本", "今日の東京は日本の首都です。", "東京は日本"],
  ])("finds %j in %j", (quote, text, expected) => {
    expect(found(quote, text)).toBe(expected);
  });

  it.each([
    ["the Cat sat", "the cat sat"],
    ["cafe", "café"],
    ["resume now", "résumé now"],
    ["가나", "각나"],
    ["1577", "1,577"],
    ["", "anything"],
    ["…", "wait…"],
    ["a", "a b"],
    ["“-”", "“-”"],
    ["office", "of ice"],
    ["the dog", "the cat"],
    ["art.", "the start"],
  ])("does not find %j in %j", (quote, text) => {
    expect(found(quote, text)).toBeUndefined();
  });

  it("takes the first occurrence that cuts no word", () => {
    expect(findQuote("art", "start the art, art")).toEqual([10, 13]);
    expect(findQuote("5 million", "15 million, then 5 million")).toEqual([17, 26]);
    expect(findQuote("5 million", "15 million")).toEqual([1, 10]);
    expect(findQuote("77", "1,577 is not 77")).toEqual([13, 15]);
  });

  it("prefers a verbatim occurrence to an earlier one in another form", () => {
    expect(findQuote('"yes"', '“yes” and "yes"')).toEqual([10, 15]);
  });

  it("looks from an offset", () => {
    expect(findQuote("cat", "cat cat", { from: 1 })).toEqual([4, 7]);
    expect(findQuote("a cat", "a\u00a0cat a\u00a0cat", { from: 1 })).toEqual([6, 11]);
  });

  it("never cuts a surrogate pair", () => {
    expect(findQuote("ab\ud83d", "ab😀")).toBeUndefined();
  });

  it("takes linear time on text made to be slow", () => {
    const many = "a".repeat(1_000_000);
    expect(findQuote(`b${"a".repeat(500_000)}`, many)).toBeUndefined();
    expect(findQuote(`${"a".repeat(500_000)}b`, many)).toBeUndefined();
    expect(findQuote(`x${"\u0301\u0323".repeat(250_000)}`, `y${"\u0301\u0323".repeat(250_000)}`)).toBeUndefined();
    expect(findQuote(`${" .".repeat(250_000)}ab`, " .".repeat(500_000))).toBeUndefined();
  });

  const noises: readonly ((quote: string) => string)[] = [
    (quote) => quote.replaceAll(" ", "\n \u00a0"),
    (quote) => quote.replaceAll("\n", "\r\n"),
    (quote) => quote.replace(/["'“”‘’«»]/g, "„"),
    (quote) => quote.replace(/[-–—−]/g, "‐"),
    (quote) => quote.replaceAll("…", "..."),
    (quote) => quote.replaceAll("...", "…"),
    (quote) => quote.replaceAll("ﬁ", "fi").replaceAll("ﬀ", "ff"),
    (quote) => quote.replaceAll("fi", "ﬁ"),
    (quote) => quote.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    (quote) => quote.replace(/[a-z ]/g, (c) => `${c}\u200b`),
    (quote) => quote.replace(/[a-z]/g, (c) => `\u00ad${c}`),
    (quote) => quote.normalize("NFD"),
  ];
  const character = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(..."abcABC 12.,-'\"\n") },
    fc.constantFrom(
      "“",
      "”",
      "«",
      "–",
      "—",
      "−",
      "…",
      "...",
      "ﬁ",
      "ﬀ",
      "fi",
      "\u00a0",
      "\u200b",
      "\u00ad",
      "\t",
      "\r\n",
    ),
    fc.constantFrom(
      "é",
      "e\u0301",
      "x\u0301",
      "x\u0323\u0301",
      "ạ\u0301",
      "😀",
      "👩‍👩‍👧",
      "각",
      "ガ",
      "ｶﾞ",
      "東",
      "ﷺ",
      "½",
      "¨",
      "Å",
    ),
    { weight: 2, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 2 }) },
  );
  const anyText = fc.array(character, { maxLength: 60 }).map((parts) => parts.join("").normalize("NFC"));
  const comparable = (text: string): string => quoteForm(text).text.trim();
  const edges = /^[ '.,;:!?()[\]{}*_-]+|[ '.,;:!?()[\]{}*_-]+$/g;
  const bare = (text: string): string => comparable(text).replace(edges, "");
  const sameButFirstCase = (a: string, b: string): boolean => {
    const [x = "", y = ""] = [[...a][0], [...b][0]];
    return a.slice(x.length) === b.slice(y.length) && (x === y || x.toLowerCase() === y || x.toUpperCase() === y);
  };

  it("finds every slice however it is noised, at a place that reads the same", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.nat(),
        fc.nat(),
        fc.array(fc.constantFrom(...noises), { maxLength: 3 }),
        (text, seedA, seedB, noise) => {
          const points = [...text];
          const [from, to] = [seedA % (points.length + 1), seedB % (points.length + 1)].sort((a, b) => a - b);
          const slice = points.slice(from, to).join("");
          // half of a letter with its marks is not what anyone quotes
          fc.pre(!/^[\p{M}\uff9e\uff9f]/u.test(points.slice(to!).join("")) && !/^[\p{M}\uff9e\uff9f]/u.test(slice));
          fc.pre((comparable(slice).match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 2);
          const quote = noise.reduce((noised, add) => add(noised), slice);
          const span = findQuote(quote, text);
          expect(span).toBeDefined();
          const at = text.slice(...span!);
          expect(bare(at)).toBe(bare(slice));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("finds nothing that reads differently", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.oneof(anyText, fc.string({ unit: fc.constantFrom(..."abA1 .,-“é"), maxLength: 4 })),
        (text, quote) => {
          const span = findQuote(quote, text);
          if (span === undefined)
            expect(text.includes(quote.trim()) && /[\p{L}\p{N}].*[\p{L}\p{N}]/su.test(comparable(quote))).toBe(false);
          else expect(sameButFirstCase(bare(text.slice(...span)), bare(quote))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
