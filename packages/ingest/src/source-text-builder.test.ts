import type { Source } from "@clew/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textBuilder } from "./source-text-builder.js";

const source: Source = { id: "s", title: "S", mediaType: "text/plain", version: "1", metadata: {} };

describe("textBuilder", () => {
  it("writes headings, paragraphs, blocks and pages with exact offsets", () => {
    const builder = textBuilder();
    builder.page(1);
    builder.heading(1, "  A\r\n title ");
    builder.paragraph("One\r\ntwo.");
    builder.page(2);
    builder.page(3);
    builder.table([
      ["Year", "Net  sales"],
      ["", " "],
      ["2018", "32,765"],
    ]);
    builder.append("Tail");
    builder.append(" end \n");
    builder.page(4);
    const text = builder.build({ source });
    expect(text.text).toBe("A title\n\nOne\ntwo.\n\nYear | Net sales\n2018 | 32,765\n\nTail end");
    expect(text.headings).toEqual([{ level: 1, text: "A title", span: [0, 7] }]);
    expect(text.pages).toEqual([
      { page: 1, start: 0 },
      { page: 2, start: 19 },
      { page: 3, start: 19 },
      { page: 4, start: text.text.length },
    ]);
    expect(text.blocks!.map((span) => text.text.slice(...span))).toEqual(["Year | Net sales\n2018 | 32,765"]);
  });

  it("cuts a long table between rows", () => {
    const builder = textBuilder();
    builder.table([["aaaa"], ["bbbb"], ["cccc"]], { maxBlock: 9 });
    const { text, blocks } = builder.build({ source });
    expect(blocks!.map((span) => text.slice(...span))).toEqual(["aaaa\nbbbb", "cccc"]);
  });

  it("composes across appends and joins a \\r\\n that was torn apart", () => {
    const builder = textBuilder();
    for (const piece of ["e", "\u0301", "\r", "\n", "\u1112\u1161", "\u11ab", "\ud83d", "\ude00", "\ud83d"]) {
      builder.append(piece);
    }
    expect(builder.build({ source }).text).toBe("é\n한😀\ufffd");
  });

  it("does not slow down on a line without end", () => {
    // each append settles all but the last few characters; 200,000 of them would take minutes otherwise
    const builder = textBuilder();
    for (let n = 0; n < 200_000; n++) builder.append("首都");
    expect(builder.length).toBe(400_000);
  });

  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom(
        "\r",
        "\n",
        " ",
        "e",
        "\u0301",
        "\u0323",
        "\u1100",
        "\u1161",
        "\u11a8",
        "か",
        "\u3099",
        "\ud83d",
        "\0",
      ),
    }),
  );
  const step = fc.record({
    how: fc.constantFrom("append", "paragraph", "heading", "block", "page", "end"),
    text: piece,
  });

  it("property: NFC, no \\r, well-formed; headings slice to their text; blocks and pages stay in order and in range", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const builder = textBuilder();
        let page = 0;
        for (const { how, text } of steps) {
          if (how === "append") builder.append(text);
          else if (how === "paragraph") builder.paragraph(text);
          else if (how === "heading") builder.heading(2, text);
          else if (how === "block") builder.block(text);
          else if (how === "end") builder.endParagraph();
          else builder.page(++page);
        }
        const built = builder.build({ source });
        expect(built.text).toBe(built.text.normalize("NFC"));
        expect(built.text).not.toMatch(/[\r\0]|\p{Surrogate}/u);
        expect(built.pages.map((mark) => mark.page)).toEqual(Array.from({ length: page }, (_, index) => index + 1));
        let last = 0;
        for (const { start } of built.pages) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(start).toBeLessThanOrEqual(built.text.length);
          last = start;
        }
        for (const { span, text } of built.headings) {
          expect(built.text.slice(...span)).toBe(text);
          expect(text).toBe(text.replace(/\s+/g, " ").trim());
        }
        for (const spans of [built.headings.map(({ span }) => span), built.blocks ?? []]) {
          let end = 0;
          for (const [from, to] of spans) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            expect(to).toBeLessThanOrEqual(built.text.length);
            expect(from === 0 || built.text[from - 1] === "\n").toBe(true);
            expect(to === built.text.length || built.text[to] === "\n").toBe(true);
            end = to;
          }
        }
        // appending piece by piece is the same as at once
        const pieces = steps.map(({ text }) => text);
        const whole = textBuilder();
        whole.append(pieces.join(""));
        const parts = textBuilder();
        for (const text of pieces) parts.append(text);
        expect(parts.build({ source }).text).toBe(whole.build({ source }).text);
      }),
      { numRuns: 500 },
    );
  });
});
