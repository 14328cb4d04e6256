import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MetricName } from "@clew/core/measure";
import { describe, expect, it } from "vitest";
import { readBeir } from "../datasets/beir-dataset.js";
import { evaluateRun } from "../metrics/evaluate-run.js";
import { porterStem } from "./porter-stemmer.js";
import { referenceBm25 } from "./reference-bm25.js";

const metrics: readonly MetricName[] = ["ndcg@10", "recall@2", "recall@5", "recall@10", "mrr", "all@5", "all@10"];
type Expected = Record<string, Record<string, Record<string, number>>>;

async function compare(folder: string, expected: Record<string, Record<string, number>>, qrels?: string) {
  const dataset = await readBeir(folder, { qrels });
  for (const [variant, figures] of Object.entries(expected)) {
    const [, tokens, k1, b] = /^(raw|stem) ([\d.]+)\/([\d.]+)$/.exec(variant)!;
    const search = referenceBm25(dataset.corpus, { tokens: tokens as "raw", k1: Number(k1), b: Number(b) });
    const run = new Map(dataset.queries.map((query) => [query.id, search(query).map(([id]) => id)]));
    const { means, perQuery } = evaluateRun(run, dataset.qrels, metrics);
    for (const name of metrics) {
      if (figures[name] !== undefined)
        expect([variant, name, means[name]]).toEqual([variant, name, expect.closeTo(figures[name], 9)]);
    }
    expect(perQuery.size).toBe(figures.queries);
  }
}

describe("Porter's stemmer", () => {
  it("gives the examples of the paper", () => {
    const examples =
      "caresses:caress ponies:poni ties:ti cats:cat feed:feed agreed:agre plastered:plaster bled:bled motoring:motor sing:sing conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall hissing:hiss fizzed:fizz failing:fail filing:file happy:happi sky:sky relational:relat conditional:condit rational:ration digitizer:digit operator:oper feudalism:feudal decisiveness:decis hopefulness:hope callousness:callous formality:formal sensitivity:sensit sensibility:sensibl triplicate:triplic formative:form electrical:electr goodness:good revival:reviv allowance:allow adjustable:adjust replacement:replac adoption:adopt effective:effect probate:probat rate:rate cease:ceas controlling:control rolling:roll generalizations:gener oscillators:oscil";
    for (const example of examples.split(" ")) {
      const [word, stem] = example.split(":") as [string, string];
      expect([word, porterStem(word)]).toEqual([word, stem]);
    }
  });
});

describe("reference BM25 and its metrics", () => {
  it("are those of another program on the sample", async () => {
    const sample = fileURLToPath(new URL("../../fixtures/bm25", import.meta.url));
    const { scores, figures } = JSON.parse(await readFile(join(sample, "expected.json"), "utf8"));
    await compare(sample, figures);
    const { corpus, queries } = await readBeir(sample);
    const search = referenceBm25(corpus, { tokens: "stem", k1: 0.9, b: 0.4 });
    for (const query of queries) {
      const found = search(query);
      expect(found.map(([id]) => id)).toEqual(scores[query.id].map(([id]: [string]) => id));
      for (const [rank, [, score]] of found.entries()) expect(score).toBeCloseTo(scores[query.id][rank][1], 12);
    }
  });

  // CLEW_DATASETS names a folder of BEIR folders with a bm25.json of reference figures
  const datasets = process.env.CLEW_DATASETS;
  it.skipIf(datasets === undefined)(
    "are those of bm25.json on every set of CLEW_DATASETS",
    async () => {
      const expected: Expected = JSON.parse(await readFile(join(datasets!, "bm25.json"), "utf8"));
      let compared = 0;
      for (const [name, figures] of Object.entries(expected)) {
        const [set = "", qrels] = name.split(", ");
        if (!existsSync(join(datasets!, set))) continue;
        await compare(join(datasets!, set), figures, qrels);
        compared += 1;
      }
      expect(compared).toBeGreaterThan(0);
    },
    300_000,
  );
});
