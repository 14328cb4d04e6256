import { passageId, scope } from "@clew/core";
import { seededRandom, sourceInputs } from "@clew/core/testing";
import { rawAnalyzer } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";
import { SegmentBuilder } from "../segment/segment-builder.js";
import { analysePassages } from "../segment/source-rows.js";
import { pacer } from "../state/pacer.js";
import { visibleRows } from "../state/selection.js";
import { Bm25 } from "./bm25.js";

const acme = scope("acme");
const analyzer = rawAnalyzer();
const one = { title: 1, headings: 1, context: 1, text: 1 };

/** The formula, written down a second time: a sum over the occurrences of the query's terms, of documents in one field. */
function plainBm25(documents: readonly string[], query: string, k1: number, b: number): number[] {
  const tokens = documents.map((text): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? []);
  const average = tokens.reduce((sum, { length }) => sum + length, 0) / tokens.length;
  return tokens.map((document) => {
    let score = 0;
    for (const term of query.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
      const tf = document.filter((token) => token === term).length;
      const df = tokens.filter((other) => other.includes(term)).length;
      const idf = Math.log(1 + (tokens.length - df + 0.5) / (df + 0.5));
      if (tf > 0) score += (idf * (tf * (k1 + 1))) / (tf + k1 * (1 - b + (b * document.length) / average));
    }
    return score;
  });
}

const word = fc.constantFrom("red", "fox", "hen", "dog", "runs", "far", "42");
const someText = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(" "));

describe("Bm25", () => {
  it("with all query terms equals the formula to 1e-6", async () => {
    const documents = fc.array(someText, { minLength: 1, maxLength: 12 });
    const k1s = fc.constantFrom(0, 0.9, 1.2, 2);
    const bs = fc.constantFrom(0, 0.4, 0.75, 1);
    await fc.assert(
      fc.asyncProperty(documents, someText, k1s, bs, async (texts, query, k1, b) => {
        const index = memoryIndex({ analyzer, k1, b, queryTerms: "all" });
        await index.sync(acme, sourceInputs(texts));
        const { hits } = await index.in(acme).read((snapshot) => snapshot.lexical({ text: query }, { k: 100 }));
        const scores = plainBm25(texts, query, k1, b);
        expect(hits).toHaveLength(scores.filter((score) => score > 0).length);
        for (const { passage, score } of hits) {
          expect(score).toBeCloseTo(scores[Number(passage.source.slice(1)) - 1]!, 7);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("weighs fields as worked out by hand, and leaves one of weight 0 out", async () => {
    const sources = [
      { title: "fox", text: "red hen" },
      { title: "dog", text: "red fox" },
    ];
    const scores = async (fields: Partial<typeof one>): Promise<[string, number][]> => {
      const index = memoryIndex({ analyzer, fields });
      await index.sync(acme, sourceInputs(sources));
      const { hits } = await index.in(acme).read((snapshot) => snapshot.lexical({ text: "fox" }, { k: 5 }));
      return hits.map(({ passage, score }) => [passage.source, score]);
    };
    // N 2, df 2: idf ln(1 + 0.5 / 2.5) = 0.1823216; both of length 4, the average: norm 1.2
    // title counts 2: s1 0.1823216 · 2 · 2.2 / 3.2 = 0.2506921; s2 0.1823216 · 2.2 / 2.2
    const [first, second] = await scores({ title: 2 });
    expect([first![0], second![0]]).toEqual(["s1", "s2"]);
    expect(first![1]).toBeCloseTo(0.2506921, 6);
    expect(second![1]).toBeCloseTo(0.1823216, 6);
    // without titles only s2 holds it: N 2, df 1, idf ln 2
    expect(await scores({ title: 0 })).toEqual([["s2", expect.closeTo(Math.LN2, 6)]]);
    // half a weight: s1 tf 0.5 · 2.2 / (0.5 + 1.2) · 0.1823216 with both lengths 2.5
    expect((await scores({ title: 0.5 }))[1]![1]).toBeCloseTo((0.1823216 * 0.5 * 2.2) / 1.7, 6);
  });

  it.each([
    ["distinct", 1, 1],
    // qtf · 2 / (qtf + 1)
    ["saturated", 4 / 3, 3 / 2],
    [undefined, 4 / 3, 3 / 2],
    ["all", 2, 3],
  ] as const)(
    "with query terms %s counts a term that is asked for twice %f times, thrice %f times",
    async (queryTerms, twice, thrice) => {
      const index = memoryIndex({ analyzer, queryTerms });
      await index.sync(acme, sourceInputs(["red fox", "red hen"]));
      const score = (text: string): Promise<number> =>
        index.in(acme).read(async (snapshot) => (await snapshot.lexical({ text }, { k: 1 })).hits[0]!.score);
      const once = await score("fox");
      expect((await score("fox fox")) / once).toBeCloseTo(twice, 12);
      expect((await score("fox fox fox")) / once).toBeCloseTo(thrice, 12);
    },
  );

  it("D4: BM25 over 5,183 documents of 200 tokens reads only the postings of its 12 query terms", async () => {
    const random = seededRandom(3);
    const builder = new SegmentBuilder(one);
    const frequencies = new Map<string, number>();
    const passages = Array.from({ length: 5183 }, (_, at) => {
      const terms = Array.from({ length: 200 }, () => `t${Math.floor(random() ** 2 * 20_000)}`);
      for (const term of new Set(terms)) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
      const id = passageId(`p${at}`);
      return {
        id,
        source: "s",
        ordinal: at,
        span: [0, 1] as const,
        text: terms.join(" "),
        title: "",
        headings: [],
        line: 1,
        metadata: {},
      };
    });
    const analysis = analysePassages(passages, analyzer);
    let step = analysis.next();
    while (!step.done) step = analysis.next();
    builder.add("s", step.value);
    const segment = await builder.finish(pacer());
    const record = {
      id: "s",
      title: "",
      mediaType: "",
      version: "",
      metadata: {},
      passages: passages.length,
      syncedAt: 0,
    };
    const state = {
      generation: 1,
      sources: new Map([["s", { record, segment, first: 0 }]]),
      segments: [{ segment, deadRows: 0 }],
    };
    const visible = visibleRows(state, acme, "optional");
    const bm25 = new Bm25(state, visible, { k1: 1.2, b: 0.75, fields: one, queryTerms: "distinct" });
    const asked = Array.from({ length: 12 }, (_, at) => `t${at * 777}`);
    const read = { postings: 0 };
    const terms = bm25.terms(`${asked.join(" ")} ${asked[0]}`, analyzer, read);
    bm25.search(terms, visible, 10, { read });
    expect(terms).toHaveLength(12);
    const held = asked.reduce((sum, term) => sum + (frequencies.get(term) ?? 0), 0);
    expect(read.postings).toBe(held);
    const pruned = { postings: 0 };
    expect(bm25.search(terms, visible, 10, { read: pruned, window: 256 })).toEqual(bm25.search(terms, visible, 10));
    expect(pruned.postings).toBeLessThan(held);
  });
});
