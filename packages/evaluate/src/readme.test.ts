import { defineRetriever, scope } from "@clew/core";
import { hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import { compareEvaluations, evaluateRetriever } from "@clew/evaluate";
import { expect, it } from "vitest";

it("runs the example of the README", async () => {
  const index = referenceIndex({ embedder: hashEmbedder() });
  const acme = scope("acme");
  await index.sync(
    acme,
    sourceInputs(["Ariadne gave Theseus a thread.", "Daedalus built the labyrinth.", "Icarus fell."]),
  );
  const leg = (name: "lexical" | "dense") =>
    defineRetriever(
      name,
      (text, options) =>
        index.in(acme).read(async (s) => ({ ...(await s[name]({ text }, options)), generation: s.generation })),
      { scope: acme },
    );

  const golden = [
    { query: "Who built the labyrinth?", relevant: ["s2"] },
    { query: "What did Ariadne give away?", relevant: ["s1"] },
  ];
  const before = await evaluateRetriever(leg("dense"), { golden, metrics: ["ndcg@10", "all@5", "mrr"] });
  const after = await evaluateRetriever(leg("lexical"), { golden, metrics: ["ndcg@10", "all@5", "mrr"] });
  const { metrics, latency } = await compareEvaluations(before, after);
  const { difference, p, wins, losses, queries } = metrics["ndcg@10"]!;

  expect(after.means).toEqual({ "ndcg@10": 1, "all@5": 1, mrr: 1 });
  expect(before.run.get("q1")?.length).toBe(3);
  expect([after.notes, after.failed, after.generations.length]).toEqual([[], [], 1]);
  expect(difference.low).toBeLessThanOrEqual(difference.mean);
  expect(wins + losses).toBeLessThanOrEqual(2);
  expect([p > 0, queries.length, latency?.contender.count]).toEqual([true, 2, 2]);
});
