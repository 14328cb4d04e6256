import { Document } from "@langchain/core/documents";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aHit } from "../testing/a-hit.js";
import { fromDocument, toDocument } from "./documents.js";

describe("toDocument and fromDocument", () => {
  it("put text and id in front, the metadata flat, and all else under one key", () => {
    const document = toDocument(
      aHit({ id: "p9", text: "Text.", title: "T", page: 0, score: 0, metadata: { year: 2023 } }),
    );
    expect([document.id, document.pageContent]).toEqual(["p9", "Text."]);
    expect(Object.keys(document.metadata)).toEqual(["year", "clew"]);
    expect(document.metadata.clew).toMatchObject({ id: "p9", title: "T", page: 0, score: 0, span: [0, 5] });
  });

  it("lead back to the same hit, through JSON too (property)", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const hits = fc.record({
      id: fc.string({ minLength: 1 }),
      text: fc.string(),
      title: fc.string(),
      score: fc.integer({ min: -5, max: 5 }),
      headings: fc.array(fc.string()),
      metadata: fc.dictionary(
        fc.stringMatching(/^[a-z]{1,5}$/).filter((key) => key !== "clew"),
        value,
      ),
      access: fc.option(fc.array(fc.string()), { nil: undefined }),
    });
    fc.assert(
      fc.property(hits, (fields) => {
        const hit = aHit(fields);
        expect(fromDocument(toDocument(hit))).toEqual(hit);
        const { id, pageContent, metadata } = JSON.parse(
          JSON.stringify(toDocument(hit).metadata.clew),
        ) as never as Document;
        expect([pageContent, metadata]).toEqual([undefined, undefined]);
        expect(id).toBe(hit.passage.id);
      }),
    );
  });

  it("make a hit of a foreign document, whose span is its whole text", () => {
    const document = new Document({
      id: "d1",
      pageContent: "Text.",
      metadata: { source: "a.md", title: "T", loc: { line: 3 } },
    });
    const { passage, score } = fromDocument(document, { score: 0.5 });
    expect(score).toBe(0.5);
    expect(passage).toMatchObject({ id: "d1", source: "a.md", title: "T", span: [0, 5], text: "Text." });
    expect(passage.metadata).toEqual({ source: "a.md", title: "T", loc: '{"line":3}' });
  });

  it("never make an identity of a text", () => {
    const document = new Document({ pageContent: "Text." });
    expect(() => fromDocument(document)).toThrow(/id/);
    expect(fromDocument(document, { id: "given" }).passage.id).toBe("given");
  });
});
