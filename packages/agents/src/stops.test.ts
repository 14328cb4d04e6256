import { defineRetriever, noUsage, scope } from "@clew/core";
import { fixedRuntime } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { codes, insatiable } from "./test/agent-helpers.js";
import { chainQuestion, myths } from "./test/myths.js";

describe("stops", () => {
  it.each([
    [
      "when two rounds bring nothing new",
      (round: number) => `Theseus Minotaur ${"abcdefgh"[round]!.repeat(5)}`,
      "stopped",
      3,
    ],
    ["at a query that was asked before", () => "the Labyrinths, and Knossos", "stopped", 2],
    [
      "at the hop limit",
      (round: number) => ["", "Knossos maze", "Daedalus", "Icarus", "Samos", "Leiden"][round]!,
      "budget-reached",
      3,
    ],
  ])("%s, with a partial, cited answer", async (_, query, code, rounds) => {
    const agent = createRetrievalAgent({ retriever: myths(), policy: insatiable(query) });
    const answer = await agent.ask(chainQuestion, { k: code === "budget-reached" ? 1 : 10 });
    expect(answer.status).toBe("partial");
    expect(answer.citations.length).toBeGreaterThan(0);
    expect(codes(answer)).toContain(code);
    expect(answer.hops.at(-1)?.hop).toBe(rounds);
  });

  it("after 12 rounds where the budget says so, whatever LangGraph's own limit is", async () => {
    const words =
      "bread leiden utrecht icarus daedalus knossos samos yeast orange minos sun sea king gas craftsman".split(" ");
    let asked = 0;
    const fresh = defineRetriever(
      "fresh",
      async (query, options) => {
        const { hits } = await myths().search(chainQuestion, options);
        const found = hits.map((hit) => ({
          ...hit,
          passage: { ...hit.passage, id: `${hit.passage.id}-${asked}` as never },
        }));
        asked += 1;
        return { hits: query === "" ? [] : found, notes: [], usage: noUsage, generation: 1 };
      },
      { scope: scope("acme") },
    );
    const agent = createRetrievalAgent({
      retriever: fresh,
      policy: insatiable((round) => words[round]!),
      budget: { hops: 12 },
    });
    const answer = await agent.ask(chainQuestion);
    expect(answer.hops.at(-1)?.hop).toBe(12);
    expect(codes(answer)).toContain("budget-reached");
    // run as a graph under a smaller limit, it still ends by itself
    const { answer: small } = await agent.graph.invoke({ question: chainQuestion }, { recursionLimit: 13 });
    expect(small?.status).toBe("partial");
    expect(small?.notes.map(({ detail }) => detail?.reason)).toContain("step-limit");
  });

  it("when the time is nearly used up", async () => {
    const runtime = fixedRuntime();
    const retriever = myths({ before: () => runtime.advance(900) });
    const policy = insatiable((round) => `Daedalus ${round} round`);
    const answer = await createRetrievalAgent({ retriever, runtime, policy, budget: { ms: 1000 } }).ask(chainQuestion);
    expect(answer.status).toBe("partial");
    expect(answer.hops.length).toBe(1);
  });

  it("before the first search when no hop is allowed", async () => {
    const answer = await createRetrievalAgent({ retriever: myths(), budget: { hops: 0 } }).ask(chainQuestion);
    expect([answer.status, answer.hops]).toEqual(["abstained", []]);
    expect(codes(answer)).toContain("budget-reached");
  });
});
