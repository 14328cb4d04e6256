import type { Answer, AnswerField, Citation, EvidenceId, StructuredAnswer } from "@clew/core";
import { noUsage } from "@clew/core";
import { DOMParser } from "@xmldom/xmldom";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerToXml } from "./answer-to-xml.js";
import { pointerOf } from "./pointer.js";

const citation: Citation = {
  evidence: "E1" as EvidenceId,
  quote: 'a "quote" & <more>',
  source: "s.txt",
  title: "T",
  span: [3, 21],
  line: 1,
};
const base: Answer = {
  id: "run",
  question: "?",
  status: "partial",
  text: "",
  sentences: [],
  citations: [],
  evidence: [],
  hops: [],
  notes: [],
  usage: noUsage,
  trace: { run: "a1", lines: [], texts: {} },
};
const answerOf = (
  value: Record<string, unknown>,
  fields: Record<string, AnswerField>,
): StructuredAnswer<Record<string, unknown>> => ({ ...base, fields, valid: true, value });
const field = (value: AnswerField["value"], citations: readonly Citation[] = [citation]): AnswerField => ({
  value,
  citations: value === null ? [] : citations,
  verdict: value === null ? "missing" : "supported",
  reasons: [],
});

/** Parses strictly: whatever the parser reports is an error. */
function parse(xml: string): Element {
  const fail = (message: string): never => {
    throw new Error(message);
  };
  const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } });
  return parser.parseFromString(xml, "text/xml").documentElement;
}

const children = (element: Element): Element[] =>
  Array.from(element.childNodes).filter((node): node is Element => node.nodeType === 1);

describe("answerToXml", () => {
  it("writes values, citations, lists and nulls", () => {
    const { xml, notes } = answerToXml(
      answerOf(
        { revenue: 5, "net sales": "A&B", goodwill: null, tags: ["x", "y"], of: { a: [{ b: true }] } },
        {
          "/revenue": field(5),
          "/net sales": field("A&B"),
          "/goodwill": field(null),
          "/tags/0": field("x"),
          "/tags/1": field("y", []),
          "/of/a/0/b": field(true),
        },
      ),
    );
    expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<answer status="partial" valid="true">
  <value>
    <revenue verdict="supported" cites="c1">5</revenue>
    <net_sales name="net sales" verdict="supported" cites="c1">A&amp;B</net_sales>
    <goodwill verdict="missing" nil="true"/>
    <tags verdict="supported" cites="c1">x</tags>
    <tags verdict="supported">y</tags>
    <of>
      <a>
        <b verdict="supported" cites="c1">true</b>
      </a>
    </of>
  </value>
  <citations>
    <citation id="c1" evidence="E1" source="s.txt" title="T" start="3" end="21" line="1">a "quote" &amp; &lt;more&gt;</citation>
  </citations>
</answer>
`);
    expect(notes).toEqual([]);
  });

  it("is read back as it was by a parser, whatever stands in it", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom(
        "</value>",
        "]]>",
        "<!--",
        "-->",
        "&amp;",
        "<?xml?>",
        '" nil="true',
        "\r\n\t",
        "\u0000\ud800",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
      ),
    );
    const leaf = fc.oneof(hostile, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    const key = hostile.filter((text) => text !== "" && text !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(key, leaf, { minKeys: 1 }), hostile, (value, quote) => {
        const entries = Object.entries(value);
        const fields = Object.fromEntries(
          entries.map(([path, one]) => [
            pointerOf([path]),
            field(one, [{ ...citation, quote, title: quote, uri: quote }]),
          ]),
        );
        const { xml, notes } = answerToXml(answerOf(value, fields));
        const root = parse(xml);
        const [held, citations] = children(root);
        expect(children(root)).toHaveLength(2);
        const read = children(held!).map((element) => [
          element.hasAttribute("name") ? element.getAttribute("name") : element.tagName,
          element.textContent,
        ]);
        expect(read).toEqual(entries.map(([path, one]) => [legal(path), legal(String(one))]));
        const [cited] = children(citations!);
        expect([cited!.textContent, cited!.getAttribute("uri")]).toEqual([legal(quote), legal(quote)]);
        const dropped = [...entries.flatMap(([path, one]) => [path, String(one)]), quote].some(
          (text) => legal(text) !== text,
        );
        expect(notes.length).toBe(dropped ? 1 : 0);
      }),
    );
  });

  it("refuses a root that is no name", () => {
    for (const root of ["", "a b", "<x>", "xml", "1"]) {
      expect(() => answerToXml(answerOf({}, {}), { root })).toThrow(/root/);
    }
    expect(answerToXml(answerOf({}, {}), { root: "filing" }).xml).toContain("</filing>");
  });
});

/** A text without what XML 1.0 cannot hold, character by character, by the words of its specification. */
const legal = (text: string): string =>
  [...text]
    .filter((char) => {
      const code = char.codePointAt(0)!;
      return (
        [0x9, 0xa, 0xd].includes(code) ||
        (code >= 0x20 && code <= 0xd7ff) ||
        (code >= 0xe000 && code <= 0xfffd) ||
        code >= 0x10000
      );
    })
    .join("");
