import { noUsage, type Policy, Retriever, type SearchResult, scope } from "@clew/core";
import { scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { chainQuestion, myths } from "../test/myths.js";

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** A retriever that somebody else made: it neither listens to its signal nor checks what it returns. */
class OwnRetriever extends Retriever {
  readonly kind = "own";
  readonly scope = scope("acme");
  constructor(private readonly find: (query: string) => Promise<SearchResult>) {
    super();
  }
  async search(query: string): Promise<SearchResult> {
    return this.find(query);
  }
  override async invoke(): Promise<[]> {
    return [];
  }
}

describe("a run whose time is over", () => {
  const deaf: Partial<Policy>[] = [
    { route: never },
    { plan: never },
    { grade: never },
    { write: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) },
    { judge: never },
  ];
  it.each(deaf.map((change) => [Object.keys(change)[0]!, change] as const))(
    "ends with an answer though the policy's %s never ends",
    async (_, change) => {
      const policy = { ...extractivePolicy(), ...change };
      const answer = await createRetrievalAgent({ retriever: myths(), policy, budget: { ms: 400 } }).ask(chainQuestion);
      expect(answer.status).not.toBe("answered");
      expect(answer.notes.map(({ code }) => code)).toContain("budget-reached");
    },
  );

  it("ends though a retriever never answers", async () => {
    const answer = await createRetrievalAgent({ retriever: new OwnRetriever(never), budget: { ms: 1500 } }).ask("Who?");
    expect(answer.status).toBe("abstained");
    expect(answer.notes.map(({ code }) => code)).toContain("sub-question-failed");
  });

  it("counts the call of a model that never answers", async () => {
    const models = scriptedModel({ answers: [] });
    models.stream = never;
    const answer = await createRetrievalAgent({ retriever: myths(), models, budget: { ms: 1500 } }).ask(chainQuestion);
    expect(answer.usage.calls).toBe(1);
    expect(answer.usage.inputTokens).toBeGreaterThan(0);
  });
});

it("takes a search with a score that is no number for a failed one", async () => {
  const found = await myths().search(chainQuestion);
  const retriever = new OwnRetriever(async () => ({
    ...found,
    hits: found.hits.map((hit) => ({ ...hit, score: Number.NaN })),
    usage: noUsage,
  }));
  const answer = await createRetrievalAgent({ retriever }).ask(chainQuestion);
  expect(answer.notes.map(({ code }) => code)).toContain("sub-question-failed");
  expect(answer.evidence).toEqual([]);
});

it("refuses a question that is a book", async () => {
  const asked = createRetrievalAgent({ retriever: myths() }).ask("x".repeat(1_000_000));
  await expect(asked).rejects.toMatchObject({ code: "invalid-option" });
});
