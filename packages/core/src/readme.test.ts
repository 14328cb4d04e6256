import { defineRetriever, evidenceLedger, noUsage, scope, verifySentence } from "@clew/core";
import { aHit } from "@clew/core/testing";
import { expect, it } from "vitest";

it("runs the example of the README", async () => {
  const retriever = defineRetriever(
    "live",
    async (_query, { k }) => ({
      hits: [aHit({ text: "Daedalus built the labyrinth in 1600 BC." })].slice(0, k),
      notes: [],
      usage: noUsage,
      generation: -1,
    }),
    { scope: scope("acme") },
  );
  const ledger = evidenceLedger();
  const query = "Who built the labyrinth?";
  ledger.add((await retriever.search(query)).hits, { query, hop: 1 });

  const quoted = verifySentence(
    {
      text: "Daedalus built it in 1600 BC.",
      citations: [{ evidence: "E1", quote: "Daedalus built the labyrinth in 1600 BC" }],
    },
    ledger,
  );
  const forged = verifySentence(
    { text: "Icarus built it in 1700 BC.", citations: [{ evidence: "E7", quote: "Icarus built it" }] },
    ledger,
  );

  expect(quoted.sentence.verdict).toBe("supported");
  expect(quoted.sentence.citations[0]!.span).toEqual([0, 39]);
  expect(forged.sentence.verdict).toBe("unsupported");
  expect(forged.sentence.citations).toEqual([]);
});
