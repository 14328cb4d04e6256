import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Passage } from "../source/passage.js";
import { passageId } from "../source/passage-id.js";
import type { Evidence } from "./evidence.js";
import { evidenceLedger } from "./evidence-ledger.js";
import { locateQuote } from "./locate-quote.js";

const sourceText =
  "Page one.\nLine two holds 15 million, no −5 more.\nThe house on the hill, built in 1900, was sold\nto Ann Lee.";
const passage: Passage = {
  id: passageId("p"),
  source: "doc",
  ordinal: 0,
  span: [10, sourceText.length],
  text: sourceText.slice(10),
  title: "A house",
  headings: [],
  page: 3,
  pageBreaks: [{ page: 4, start: sourceText.indexOf("built") }],
  line: 2,
  uri: "house.md",
  metadata: {},
};
const ledger = evidenceLedger();
ledger.add([{ passage, score: 1, explain: { kind: "other", name: "test", detail: {} } }], { query: "q", hop: 1 });
const locate = (quote: string) => locateQuote({ evidence: "E1", quote }, ledger);

describe("locateQuote", () => {
  it.each(["javascript:alert(1)", " java\nscript:alert(1)", "\u0001DATA:text/html,x", "vbscript:x"])(
    "gives no address that would run something: %j",
    (uri) => {
      const hostile = evidenceLedger();
      const explain = { kind: "other", name: "test", detail: {} } as const;
      hostile.add([{ passage: { ...passage, uri }, score: 1, explain }], { query: "q", hop: 1 });
      const found = locateQuote({ evidence: "E1", quote: "Line two" }, hostile);
      expect(found).toMatchObject({ code: "quote-found", citations: [{ quote: "Line two" }] });
      expect(JSON.stringify(found)).not.toContain("uri");
    },
  );

  it("gives the source's own text, with offsets, page and line of where it starts", () => {
    const start = sourceText.indexOf("built");
    expect(locate("built in 1900, was sold to Ann Lee")).toEqual({
      code: "quote-found",
      citations: [
        {
          evidence: "E1",
          quote: "built in 1900, was sold\nto Ann Lee",
          source: "doc",
          title: "A house",
          uri: "house.md",
          span: [start, start + 34],
          page: 4,
          line: 3,
        },
      ],
    });
    expect(locate("Line two")).toMatchObject({ citations: [{ page: 3, line: 2, span: [10, 18] }] });
    expect(locate("to Ann Lee")).toMatchObject({ citations: [{ page: 4, line: 4 }] });
    expect(locate("hill, built")).toMatchObject({ citations: [{ page: 3, line: 3 }] });
  });

  it("widens a quote to whole words and numbers, so that no number is cut out of another", () => {
    expect(locate("5 million")).toMatchObject({ citations: [{ quote: "15 million" }] });
    expect(locate("5 more")).toMatchObject({ citations: [{ quote: "−5 more" }] });
    expect(locate("ouse on")).toMatchObject({ citations: [{ quote: "house on" }] });
  });

  it("makes a citation of each part of a quote that leaves text out", () => {
    for (const quote of ["The house … was sold", "The house on the hill [...] was sold", "The house... was sold."]) {
      const check = locate(quote);
      expect(check.code === "quote-found" && check.citations.map((citation) => citation.quote)).toEqual([
        expect.stringMatching(/^The house/),
        "was sold",
      ]);
    }
  });

  it("refuses parts that are out of order, or too short to say anything", () => {
    expect(locate("was sold … The house").code).toBe("quote-not-found");
    expect(locate("The house … to").code).toBe("quote-not-found");
    expect(locate("The house … burnt down").code).toBe("quote-not-found");
  });

  it("tells unknown evidence from quotes that are not there", () => {
    expect(locateQuote({ evidence: "E9", quote: "Line two" }, ledger)).toEqual({
      code: "unknown-evidence",
      evidence: "E9",
    });
    expect(locate("Page one")).toEqual({ code: "quote-not-found", evidence: "E1", quote: "Page one" });
  });

  it("D9: cites exactly what stands at the span, for any text and quote", () => {
    const anyText = fc.string({
      unit: fc.constantFrom("a", "b", "1", ",", ".", " ", "\n", "-", "“", "é", "😀", "x\u0301", "東"),
      maxLength: 50,
    });
    fc.assert(
      fc.property(anyText, fc.nat(50), anyText, (source, cut, quote) => {
        const start = Math.min(cut, source.length);
        const evidence: Evidence = {
          ...ledger.get("E1")!,
          passage: { ...passage, span: [start, source.length], text: source.slice(start) },
        };
        const check = locateQuote({ evidence: "E1", quote }, { get: () => evidence });
        if (check.code !== "quote-found") return;
        for (const citation of check.citations) {
          expect(source.slice(...citation.span)).toBe(citation.quote);
          expect(citation.span[0]).toBeGreaterThanOrEqual(start);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("looks through white space in linear time", () => {
    expect(locate(`${" ".repeat(500_000)}x y`).code).toBe("quote-not-found");
    expect(locate(`Line two${" ".repeat(500_000)}… no −5 more`).code).toBe("quote-found");
  });
});
