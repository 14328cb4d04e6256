import { type Hit, scope } from "@clew/core";
import { paragraphSplitter, sourceInputs } from "@clew/core/testing";
import { type Analyzer, rawAnalyzer } from "@clew/core/text";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";

const acme = scope("acme");

function counting(): Analyzer & { analysed: number } {
  const inner = rawAnalyzer();
  const counter = {
    ...inner,
    analysed: 0,
    analyze: (text: string) => {
      counter.analysed++;
      return inner.analyze(text);
    },
  };
  return counter;
}

async function search(analyzer: Analyzer): Promise<readonly Hit[]> {
  const index = memoryIndex({ analyzer, splitter: paragraphSplitter() });
  await index.sync(acme, sourceInputs(["red fox, red hen", "a fox"]));
  const { hits } = await index.in(acme).read((snapshot) => snapshot.lexical({ text: "red fox" }, { k: 9 }));
  await index.close();
  return hits;
}

describe("lexicalExplain", () => {
  it("analyses no text until a place is read, and then once, after the index is closed too", async () => {
    const analyzer = counting();
    const [first] = await search(analyzer);
    if (first?.explain.kind !== "leg" || first.explain.leg !== "lexical") throw new Error("no lexical hit");
    expect(first.explain.terms.map(({ term, tf, df }) => [term, tf, df])).toEqual([
      ["red", 2, 1],
      ["fox", 1, 2],
    ]);
    expect(analyzer.analysed).toBe(0);
    expect(first.explain.terms.map(({ at }) => at)).toEqual([
      [
        [0, 3],
        [9, 12],
      ],
      [[4, 7]],
    ]);
    expect(first.explain.terms[0]!.at).toBe(first.explain.terms[0]!.at);
    expect(analyzer.analysed).toBe(1);
  });

  it("survives JSON, spread and structuredClone", async () => {
    const [, second] = await search(rawAnalyzer());
    const expected = {
      kind: "leg",
      leg: "lexical",
      rank: 2,
      terms: [{ term: "fox", tf: 1, df: 2, score: second!.score, at: [[2, 5]] }],
    };
    expect(JSON.parse(JSON.stringify(second!.explain))).toEqual(expected);
    expect(structuredClone(second!.explain)).toEqual(expected);
    expect({ ...second!.explain }).toEqual(expected);
    expect(second!.explain).toEqual(expected);
  });
});
