import { type Hit, type IndexView, type Passage, passageId, type SourceText, scope } from "@clew/core";
import { aHit, faultyRetriever, hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import { splitter } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexical } from "../lexical.js";
import { joinPassages } from "./join-passages.js";
import { widened } from "./widened.js";

const acme = scope("acme");
const text = [
  "# Crete",
  "Minos ruled Crete.",
  "Daedalus built the maze.",
  "The maze held a bull.",
  "# Athens",
  "Theseus came from Athens.",
  "He carried a thread.",
].join("\n\n");
const heading = (name: string) => ({
  level: 1,
  text: name,
  span: [text.indexOf(`# ${name}`), text.indexOf(`# ${name}`) + name.length + 2] as const,
});
const myth = {
  title: "Myths",
  text,
  pages: [
    { page: 1, start: 0 },
    { page: 2, start: text.indexOf("The maze held") },
  ],
  headings: [heading("Crete"), heading("Athens")],
};

async function open(): Promise<IndexView> {
  const index = referenceIndex({ embedder: hashEmbedder() });
  await index.sync(acme, sourceInputs([myth, "Another thread."]));
  return index.in(acme);
}
/** What must hold of every widened passage. */
function expectVerifiable({ passage }: Hit, source: SourceText): void {
  const { span, page, pageBreaks = [], line } = passage;
  expect(passage.text).toBe(source.text.slice(...span));
  expect(line).toBe(source.text.slice(0, span[0]).split("\n").length);
  expect(page).toBe(source.pages.findLast(({ start }) => start <= span[0])?.page);
  expect(pageBreaks).toEqual(source.pages.filter(({ start }) => start > span[0] && start < span[1]));
}
const sourceOf = (view: IndexView, id: string): Promise<SourceText> =>
  view.read(async (snapshot) => (await snapshot.sourceText(id))!);

describe("widened", () => {
  it.each([
    ["neighbours", "Minos ruled Crete.\n\nDaedalus built the maze.\n\nThe maze held a bull.", ["Crete"], 1],
    ["section", "Minos ruled Crete.\n\nDaedalus built the maze.\n\nThe maze held a bull.", ["Crete"], 1],
    ["page", "Minos ruled Crete.\n\nDaedalus built the maze.", ["Crete"], 0],
  ] as const)(
    "takes the %s of a hit, with its own id, lines and page breaks",
    async (unit, expected, headings, breaks) => {
      const view = await open();
      const [before] = (await lexical(view).search("Daedalus")).hits;
      const found = await widened(lexical(view), { view, unit }).search("Daedalus");
      const [hit] = found.hits;
      expect(hit!.passage).toMatchObject({ text: expected, headings, page: 1, line: 3, ordinal: 0 });
      expect(hit!.passage.pageBreaks ?? []).toHaveLength(breaks);
      expect(hit!.passage.id).not.toBe(before!.passage.id);
      expect(hit!.score).toBe(before!.score);
      expect(hit!.explain).toMatchObject({
        kind: "other",
        name: "widened",
        detail: { unit, hit: before!.passage.id },
        before: { kind: "leg" },
      });
      expectVerifiable(hit!, await sourceOf(view, "s1"));
      expect(found.notes).toEqual([]);
    },
  );

  it("keeps headings that all parts share, and no others", async () => {
    const view = await open();
    const [hit] = (await widened(lexical(view), { view }).search("bull")).hits;
    expect(hit!.passage.text).toContain("# Athens");
    expect(hit!.passage.headings).toEqual([]);
  });

  it("makes one of hits that overlap, with the best score, and names them", async () => {
    const view = await open();
    const before = await lexical(view).search("maze bull");
    expect(before.hits).toHaveLength(2);
    const found = await widened(lexical(view), { view, unit: "section" }).search("maze bull");
    expect(found.hits).toHaveLength(1);
    expect(found.hits[0]!.score).toBe(before.hits[0]!.score);
    expect(found.hits[0]!.explain).toMatchObject({ detail: { passages: 3, merged: before.hits[1]!.passage.id } });
  });

  it("stays within its limit, says so, and never cuts the hit itself", async () => {
    const view = await open();
    const found = await widened(lexical(view), { view, unit: "section", maxCharacters: 50 }).search("Daedalus");
    expect(found.hits[0]!.passage.text).toBe("Daedalus built the maze.\n\nThe maze held a bull.");
    expect(found.notes).toMatchObject([{ code: "cut", detail: { cut: 1, maxCharacters: 50 } }]);
    const tight = await widened(lexical(view), { view, maxCharacters: 1 }).search("Daedalus");
    expect(tight.hits).toEqual((await lexical(view).search("Daedalus")).hits);
    expect(tight.notes).toMatchObject([{ code: "cut" }]);
  });

  it("shows nothing that does not match the filter", async () => {
    const view = await open();
    const found = await widened(lexical(view), { view }).search("maze", { filter: { page: 1 } });
    expect(found.hits.map(({ passage }) => passage.text)).toEqual(["Minos ruled Crete.\n\nDaedalus built the maze."]);
  });

  it("leaves what the index does not know as it was found", async () => {
    const view = await open();
    const stranger = aHit({ id: passageId("gone") });
    const found = await widened(faultyRetriever({ hits: [stranger], scope: acme }), { view }).search("x");
    expect(found.hits).toEqual([stranger]);
    expect(found.notes).toMatchObject([{ code: "passage-unknown" }]);
  });

  it("gives spans of the source that hold every hit once, whatever the text, the unit and the limit", async () => {
    const words = fc.array(fc.constantFrom("maze", "bull", "thread", "king", "sail", "ünï", "🐂"), {
      minLength: 1,
      maxLength: 9,
    });
    const sentences = fc.array(
      words.map((all) => `${all.join(" ")}.`),
      { minLength: 1, maxLength: 30 },
    );
    const anySource = fc.record({
      paragraphs: fc.array(
        sentences.map((all) => all.join(" ")),
        { minLength: 1, maxLength: 8 },
      ),
      pages: fc.uniqueArray(fc.nat(400), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySource, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("neighbours" as const, "section" as const, "page" as const),
        fc.integer({ min: 1, max: 400 }),
        async (given, unit, maxCharacters) => {
          const index = referenceIndex({ splitter: splitter({ tokens: 12, overlap: 4 }) });
          const sources = given.map(({ paragraphs, pages }) => {
            const body = paragraphs.join("\n\n");
            const starts = [0, ...pages.filter((start) => start > 0 && start < body.length)].sort((a, b) => a - b);
            return { text: body, pages: starts.map((start, n) => ({ page: n + 1, start })) };
          });
          await index.sync(acme, sourceInputs(sources));
          const view = index.in(acme);
          const before = await lexical(view).search("maze bull", { k: 40 });
          const { hits } = await widened(lexical(view), { view, unit, maxCharacters, depth: 40 }).search("maze bull", {
            k: 40,
          });
          for (const hit of hits) {
            expectVerifiable(hit, await sourceOf(view, hit.passage.source));
            const isWide = hit.explain.kind === "other";
            if (isWide) expect(hit.passage.text.length).toBeLessThanOrEqual(maxCharacters);
          }
          const holders = ({ passage }: Hit): number =>
            hits.filter((hit) => hit.passage.source === passage.source && within(passage, hit.passage)).length;
          for (const hit of before.hits) expect(holders(hit)).toBeGreaterThanOrEqual(1);
          expect(hits.length).toBeLessThanOrEqual(before.hits.length);
          expect(hits[0]?.score).toBe(before.hits[0]?.score);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("joins to an id that depends on source, place and text", () => {
    const passage = (id: string, span: readonly [number, number], source = "s"): Passage =>
      aHit({ id, span, source, text: "ab" }).passage;
    const source = { source: { id: "s" }, text: "abababab", pages: [], headings: [] } as unknown as SourceText;
    const joined = (at: number, of = "s") =>
      joinPassages(source, [passage("x", [at, at + 2], of), passage("y", [at + 2, at + 4], of)]);
    expect(joined(0).text).toBe("abab");
    expect(new Set([joined(0).id, joined(2).id, joined(0, "t").id, joined(0).id]).size).toBe(3);
    expect(joinPassages(source, [passage("x", [0, 2])]).id).toBe("x");
  });

  it("refuses what makes no sense", async () => {
    const view = await open();
    expect(() => widened(lexical(view), { view, unit: "book" as never })).toThrow(/"neighbours", "section" or "page"/);
    expect(() => widened(lexical(view), { view, maxCharacters: 0 })).toThrow(/whole number/);
    expect(() => widened(faultyRetriever(), { view })).toThrow(/no scope/);
  });
});

const within = (inner: Passage, outer: Passage): boolean =>
  inner.span[0] >= outer.span[0] && inner.span[1] <= outer.span[1];
