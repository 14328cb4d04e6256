import {
  type Budget,
  callModel,
  defineRetriever,
  type Embedder,
  embedderFrom,
  modelCall,
  type Prices,
  type Retriever,
  servedAs,
} from "@clew/core";
import {
  type FixedRuntime,
  fixedRuntime,
  type ScriptedModel,
  type ScriptedRequest,
  scriptedModel,
} from "@clew/core/testing";
import { contentHash } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { codes, roleOf, wise } from "../test/wise-model.js";

const prices: Prices = {
  scripted: { inputPerMillion: 3, outputPerMillion: 15 },
  orderer: { inputPerMillion: 1, outputPerMillion: 2, perRequest: 0.0001 },
  "embed-x": { inputPerMillion: 0.1, outputPerMillion: 0 },
};

const bytes = ({ messages }: ScriptedRequest): number =>
  messages.reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0);

/** A model that says the wise thing, plans so many sub-questions side by side, and always uses all that it may. */
const greedy = (parts: number, runtime: FixedRuntime, msPerCall: number): ScriptedModel =>
  scriptedModel({
    answers: (request) => {
      runtime.advance(msPerCall);
      const role = roleOf(request);
      const subQuestions = Array.from({ length: parts }, (_, index) => ({
        id: `p${index}`,
        question: ["Where did Theseus kill the Minotaur?", "Who was Daedalus?", "When was Leiden University founded?"][
          index
        ]!,
        dependsOn: [],
      }));
      const known = wise[role]!;
      const said =
        role === "planner"
          ? { json: { subQuestions } }
          : typeof known === "function"
            ? tried(() => known(request))
            : known;
      const fields = typeof said === "string" ? { content: said } : (said as object);
      return { ...fields, usage: { inputTokens: bytes(request), outputTokens: request.maxTokens ?? 1_000_000 } };
    },
  });

/** What is shown decides what a script can say. */
function tried<T>(say: () => T): T | string {
  try {
    return say();
  } catch {
    return "Theseus was a hero of Athens.";
  }
}

interface Counts {
  embedded: number;
}

/** A retriever with an embedder and a reranker that cost something, as real ones charge. */
function costly(embedder: Embedder, orderer: ScriptedModel): Retriever {
  const inner = myths();
  return defineRetriever(
    "costly",
    async (query, asked) => {
      const { usage } = await embedder.embedQuery(query, { signal: asked.signal, call: asked.call });
      const found = await inner.search(query, asked);
      const own = modelCall({ call: asked.call, signal: asked.signal, runtime: fixedRuntime() });
      const reply = await callModel(own, {
        role: "reranker",
        served: servedAs(orderer),
        site: { node: "reranker", branch: contentHash(query), ordinal: 0 },
        system: "Order the passages.",
        user: found.hits.map(({ passage }) => passage.text).join("\n"),
        maxTokens: 100,
      });
      const hits = reply.kind === "reply" ? found.hits : found.hits.slice(0, 3);
      return { ...found, hits, notes: own.notes, usage: { ...usage, calls: usage.calls + own.usage().calls } };
    },
    { scope: inner.scope },
  );
}

async function embedder(counts: Counts): Promise<Embedder> {
  const embed = async (): Promise<number[]> => {
    counts.embedded += 1;
    return [1, 0];
  };
  return embedderFrom(
    { embedQuery: embed, embedDocuments: async (texts: string[]) => texts.map(() => [1, 0]) },
    { id: "embed-x", dimensions: 2 },
  );
}

const limit = (max: number) => fc.option(fc.nat(max), { nil: undefined });
const budgets: fc.Arbitrary<Budget> = fc.record({
  tokens: limit(25_000),
  usd: fc.option(fc.double({ min: 0, max: 0.1, noNaN: true }), { nil: undefined }),
  calls: limit(12),
  ms: limit(3_000),
  hops: fc.nat(3),
});

describe("one budget", () => {
  it("is never passed, and always ends in an answer that is cited or abstains, and says what was cut (property)", async () => {
    const seen = { cited: 0, abstained: 0 };
    await fc.assert(
      fc.asyncProperty(budgets, fc.integer({ min: 1, max: 3 }), fc.nat(400), async (budget, parts, msPerCall) => {
        const runtime = fixedRuntime();
        const counts: Counts = { embedded: 0 };
        const model = greedy(parts, runtime, msPerCall);
        const orderer = scriptedModel({
          model: "orderer",
          answers: (request) => ({
            content: "E1",
            usage: { inputTokens: bytes(request), outputTokens: request.maxTokens! },
          }),
        });
        const agent = createRetrievalAgent({
          retriever: costly(await embedder(counts), orderer),
          models: model,
          prices,
          runtime,
          budget,
        });
        const answer = await agent.ask(chainQuestion);
        const { inputTokens, outputTokens, usd, calls } = answer.usage;
        expect(inputTokens + outputTokens).toBeLessThanOrEqual(budget.tokens ?? Number.POSITIVE_INFINITY);
        expect(usd).toBeLessThanOrEqual((budget.usd ?? Number.POSITIVE_INFINITY) + 1e-12);
        expect(calls).toBeLessThanOrEqual(budget.calls ?? Number.POSITIVE_INFINITY);
        expect(calls).toBe(model.calls.length + orderer.calls.length + counts.embedded);
        expect(Math.max(0, ...answer.hops.map(({ hop }) => hop))).toBeLessThanOrEqual(budget.hops!);
        expect(codes(answer)).not.toContain("overrun");
        if (answer.status !== "answered") expect(answer.notes.length).toBeGreaterThan(0);
        if (answer.status === "abstained") seen.abstained += 1;
        else {
          expect(answer.citations.length).toBeGreaterThan(0);
          seen.cited += 1;
        }
      }),
      { numRuns: 60 },
    );
    expect(Math.min(seen.cited, seen.abstained)).toBeGreaterThan(0);
  });

  it("counts what a stage of the retriever spent without asking, and says so", async () => {
    const inner = myths();
    const blind = defineRetriever(
      "blind",
      async (query, asked) => {
        asked.call?.meter.charge({ inputTokens: 5000, calls: 1 });
        return inner.search(query, asked);
      },
      { scope: inner.scope },
    );
    const answer = await createRetrievalAgent({ retriever: blind, budget: { tokens: 1000 } }).ask(chainQuestion);
    expect(answer.usage.inputTokens).toBeGreaterThanOrEqual(5000);
    expect(answer.notes).toContainEqual(
      expect.objectContaining({ code: "overrun", detail: { hop: 1, limits: ["tokens"] } }),
    );
    expect(answer.citations.length).toBeGreaterThan(0);
  });
});

describe("prices", () => {
  const usd = 1;
  const model = () => scriptedModel({ answers: [] });
  const refused = { code: "invalid-option", message: expect.stringContaining("scripted") };

  it("must be known of each model under a limit of usd: when the agent is made, or asked", async () => {
    expect(() => createRetrievalAgent({ retriever: myths(), models: model(), budget: { usd } })).toThrowError(
      expect.objectContaining(refused),
    );
    const open = createRetrievalAgent({ retriever: myths(), models: model() });
    await expect(open.ask("Who?", { budget: { usd } })).rejects.toMatchObject(refused);
    createRetrievalAgent({ retriever: myths(), budget: { usd } });
  });

  it("are asked for at the first call of a model that is chosen then", async () => {
    const chosen = () => ({ model: model(), served: "adapter-7", notes: [] });
    const agent = createRetrievalAgent({ retriever: myths(), models: chosen, budget: { usd } });
    await expect(agent.ask("Who built it?")).rejects.toMatchObject({
      code: "budget-impossible",
      message: expect.stringContaining("adapter-7"),
    });
  });

  it("make money of tokens", async () => {
    const answer = await createRetrievalAgent({
      retriever: myths(),
      models: scriptedModel({
        answers: () => ({ content: "no JSON", usage: { inputTokens: 1_000_000, outputTokens: 100_000 } }),
      }),
      prices,
    }).ask(chainQuestion);
    // 3 a million in, 15 a million out
    expect(answer.usage.usd).toBeCloseTo(answer.usage.calls * (3 + 1.5), 9);
  });

  it.each([{ x: {} }, { x: { inputPerMillion: 1 } }, { x: { inputPerMillion: -1, outputPerMillion: 1 } }, { x: 1 }])(
    "refuses %j",
    (wrong) => {
      const make = () => createRetrievalAgent({ retriever: myths(), prices: wrong as unknown as Prices });
      expect(make).toThrowError(expect.objectContaining({ code: "invalid-option" }));
    },
  );
});
