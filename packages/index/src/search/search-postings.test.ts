import { type AccessLists, type PassageId, passageId, type Scope, type SourceRecord, scope } from "@clew/core";
import { aPassage } from "@clew/core/testing";
import { rawAnalyzer } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Segment } from "../segment/segment.js";
import { type FieldWeights, SegmentBuilder } from "../segment/segment-builder.js";
import { analysePassages } from "../segment/source-rows.js";
import { pacer } from "../state/pacer.js";
import { matchingRows, type Selection, visibleRows } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { Bm25, type QueryTerm } from "./bm25.js";
import { compareRows, type ScoredRow } from "./top-k.js";

const analyzer = rawAnalyzer();

/** Every row scored, and all of them sorted: what the search has to equal. */
function exhaustive(state: TenantState, bm25: Bm25, terms: readonly QueryTerm[], { masks }: Selection): ScoredRow[] {
  const found: ScoredRow[] = [];
  for (const [segment, { segment: rows }] of state.segments.entries()) {
    for (const [row, id] of rows.ids.entries()) {
      const score = bm25.score(terms, segment, row);
      if (masks[segment]![row] === 1 && score > 0) found.push({ segment, row, id, score });
    }
  }
  return found.sort(compareRows);
}

interface SourceDraw {
  readonly title: string;
  readonly texts: readonly string[];
  readonly access: readonly string[] | undefined;
  readonly year: number;
  readonly dead: boolean;
}

async function stateOf(segments: readonly (readonly SourceDraw[])[], weights: FieldWeights): Promise<TenantState> {
  const sources = new Map<string, { record: SourceRecord; segment: Segment; first: number }>();
  let named = 0;
  const live = [];
  for (const drawn of segments) {
    const builder = new SegmentBuilder(weights);
    const places: [string, SourceDraw, number][] = [];
    for (const draw of drawn) {
      const hash = `s${named++}`;
      places.push([hash, draw, builder.size]);
      const passages = draw.texts.map((text, ordinal) => {
        // ids in another order than rows
        const id = passageId(`${(named * 7919) % 101}-${hash}-${ordinal}`);
        return aPassage({ id, source: hash, ordinal, title: draw.title, text });
      });
      const analysis = analysePassages(passages, analyzer);
      let step = analysis.next();
      while (!step.done) step = analysis.next();
      builder.add(hash, step.value);
    }
    const segment = await builder.finish(pacer());
    const dead = new Uint8Array(segment.size);
    for (const [hash, draw, first] of places) {
      const { title, texts, access, year } = draw;
      if (draw.dead) dead.fill(1, first, first + texts.length);
      else {
        const record = {
          id: hash,
          title,
          mediaType: "text/plain",
          version: "1",
          metadata: { year },
          passages: texts.length,
          syncedAt: 0,
          ...(access === undefined ? {} : { access }),
        };
        sources.set(hash, { record, segment, first });
      }
    }
    live.push({ segment, dead, deadRows: dead.reduce((sum, row) => sum + row, 0) });
  }
  return { generation: 1, sources, segments: live };
}

const word = fc.integer({ min: 0, max: 29 }).map((n) => `w${Math.floor((n * n) / 30)}`);
const words = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(word, { minLength: 1, maxLength }).map((drawn) => drawn.join(" "));
const source = fc.record({
  title: fc.constantFrom("", "w1", "w2 w9"),
  // short texts of few words: many scores are equal
  texts: fc.array(fc.oneof(words(2), words(15)), { minLength: 1, maxLength: 4 }),
  access: fc.constantFrom(undefined, ["amy"], ["bob"], []),
  year: fc.constantFrom(2023, 2024),
  dead: fc.boolean(),
});
const weightsOf = fc.constantFrom(
  { title: 1, headings: 1, context: 1, text: 1 },
  { title: 2.5, headings: 1, context: 1, text: 1 },
  { title: 0, headings: 1, context: 1, text: 1 },
);
const askers: readonly (readonly [Scope, AccessLists])[] = [
  [scope("acme"), "optional"],
  [scope("acme", { principals: ["amy"] }), "optional"],
  [scope("acme", { principals: ["bob"] }), "required"],
];

describe("searchPostings", () => {
  it("equals the exhaustive ranking to the bit, ties included, whatever is pruned", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(source, { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 3 }),
        fc.record({
          query: words(9),
          queryTerms: fc.constantFrom("distinct" as const, "saturated" as const, "all" as const),
          k1: fc.constantFrom(0, 0.9, 1.2),
          b: fc.constantFrom(0, 0.75, 1),
          k: fc.constantFrom(1, 2, 5, 100),
          window: fc.constantFrom(1, 3, 8, undefined),
          fields: weightsOf,
          asker: fc.constantFrom(...askers),
          filter: fc.constantFrom(undefined, { year: 2023 }),
        }),
        async (segments, { query, queryTerms, k1, b, k, window, fields, asker, filter }) => {
          const state = await stateOf(segments, fields);
          const visible = visibleRows(state, ...asker);
          const chosen = filter === undefined ? visible : matchingRows(state, visible, filter);
          const bm25 = new Bm25(state, visible, { k1, b, fields, queryTerms });
          const terms = bm25.terms(query, analyzer);
          const found = bm25.search(terms, chosen, k, { window });
          expect(found).toEqual(exhaustive(state, bm25, terms, chosen).slice(0, k));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("leaves out rows that only hold common words, once k better ones are known", async () => {
    const texts = Array.from({ length: 4000 }, (_, at) => `common ${at % 400 === 0 ? "rare" : "other"} w${at % 7}`);
    const draw = { title: "", texts, access: undefined, year: 2024, dead: false };
    const state = await stateOf([[draw]], { title: 1, headings: 1, context: 1, text: 1 });
    const visible = visibleRows(state, scope("acme"), "optional");
    const bm25 = new Bm25(state, visible, {
      k1: 1.2,
      b: 0.75,
      fields: { title: 1, headings: 1, context: 1, text: 1 },
      queryTerms: "distinct",
    });
    const terms = bm25.terms("common rare", analyzer);
    const read = { postings: 0 };
    const found = bm25.search(terms, visible, 2, { read, window: 500 });
    expect(found).toEqual(exhaustive(state, bm25, terms, visible).slice(0, 2));
    // the first window is read whole: 500 of "common"; of the later ones the rows of "rare" alone, twice each
    expect(read.postings).toBe(500 + 2 + 8 + 8);
    expect(terms.reduce((sum, { df }) => sum + df, 0)).toBe(4010);
    const ids: readonly PassageId[] = found.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
  });
});
