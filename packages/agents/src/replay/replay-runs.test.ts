import { type Answer, type Budget, defineRetriever, note, type Retriever, systemRuntime, type Turn } from "@clew/core";
import { seededRandom } from "@clew/core/measure";
import { aHit, scriptedModel } from "@clew/core/testing";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod/v4";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { llmPolicy } from "../llm/llm-policy.js";
import type { AskOptions, RetrievalAgentOptions } from "../retrieval-agent.js";
import { filings } from "../test/filings.js";
import { chainQuestion, myths } from "../test/myths.js";
import { type Mood, unsteadyModel } from "../test/unsteady-model.js";
import { roleOf, wise } from "../test/wise-model.js";
import { type ReplayOptions, replay } from "./replay.js";

type Dice = () => number;
const pick = <T>(dice: Dice, ...from: readonly T[]): T => from[Math.floor(dice() * from.length)]!;
const maybe = <T>(dice: Dice, share: number, value: T): T | undefined => (dice() < share ? value : undefined);

/** Searches like another retriever, if it does not fail, hang, talk nonsense, spend or ask a model first. */
function unsteady(dice: Dice, inner: Retriever): Retriever {
  return defineRetriever(
    "unsteady",
    async (query, { k, filter, signal, call }) => {
      const mood = pick(dice, "good", "good", "good", "good", "fails", "hangs", "garbage", "notes", "asks", "spends");
      if (mood === "fails") throw new Error(`no answer to ${query} with sk-planted-0123456789abcdef`);
      if (mood === "hangs")
        await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      const found = await inner.search(query, { k, filter, signal });
      if (mood === "garbage") return { ...found, hits: [{ ...aHit({ id: "x" }), score: Number.NaN }] };
      if (mood === "notes") return { ...found, notes: [note("reranked-partly", `Only a part for ${query}.`)] };
      if (mood === "asks")
        await call?.journal.once({ node: "expand", branch: query, ordinal: 0 }, "model", async () => "x");
      const usage = { inputTokens: 3, outputTokens: 0, calls: 1, usd: dice() / 1000 };
      if (mood === "spends") call?.meter.charge({ ...usage, calls: 2 });
      if (mood === "spends" && dice() < 0.3) throw new Error("it spent, and failed");
      return mood === "spends" ? { ...found, usage } : found;
    },
    { scope: inner.scope },
  );
}

const steady: readonly Mood[] = ["good"];
const moody: readonly Mood[] = ["good", "good", "good", "good", "nonsense", "fails", "breaks", "cut", "slow", "busy"];

const judge = scriptedModel({
  answers: ({ index }) => ({
    json: { judgements: [{ number: 1, verdict: index % 2 === 0 ? "supported" : "unsupported" }] },
  }),
});

/** An agent, a question and its options, all of chance. */
function anyRun(seed: number, inner: Retriever) {
  const dice = seededRandom(seed);
  const says = (request: Parameters<typeof roleOf>[0]) => {
    const answer = wise[roleOf(request)]!;
    return typeof answer === "function" ? answer(request) : answer;
  };
  const model = unsteadyModel({
    random: dice,
    moods: dice() < 0.3 ? steady : moody,
    says: says as never,
    counts: dice() < 0.7,
  });
  const models = dice() < 0.25 ? { default: model, judge } : model;
  const withModels = dice() < 0.75;
  const own =
    withModels && dice() < 0.25 ? llmPolicy({ models, maxTokens: 300, instructions: "Be brief." }) : undefined;
  const several = dice() < 0.3;
  const price = { inputPerMillion: 0.7, outputPerMillion: 2.1 };
  const prices = { unsteady: price, scripted: price };
  const budget: Budget = {
    hops: pick(dice, 0, 1, 2, 3),
    ...(dice() < 0.2 ? { tokens: pick(dice, 0, 500, 3000, 8000, 20_000) } : {}),
    ...(dice() < 0.15 ? { usd: pick(dice, 0, 0.001, 0.01, 0.05) } : {}),
    ...(dice() < 0.15 ? { calls: pick(dice, 0, 1, 3, 6) } : {}),
    ...(dice() < 0.35 ? { ms: pick(dice, 0, 1, 5, 20, 60, 120, 250) } : {}),
  };
  const options: RetrievalAgentOptions = {
    ...(several
      ? {
          sources: {
            a: { retriever: unsteady(dice, inner), about: "stories of Greece" },
            b: { retriever: inner, about: "universities" },
          },
        }
      : { retriever: unsteady(dice, inner) }),
    ...(withModels && own === undefined ? { models } : {}),
    ...(own === undefined ? {} : { policy: own }),
    prices,
    budget,
    timeoutMs: 40,
    runtime: { ...systemRuntime, sleep: async () => undefined },
  };
  const conversation: readonly Turn[] | undefined = maybe(dice, 0.2, [
    { question: "Who was Theseus?", answer: "Theseus was a hero of Athens." },
  ]);
  return { dice, options, asked: { ...(conversation === undefined ? {} : { conversation }), k: pick(dice, 1, 3, 10) } };
}

/** Replays as another process would: from JSON text alone. */
async function expectSame(answer: Answer, options: ReplayOptions = {}): Promise<void> {
  const stored = JSON.parse(JSON.stringify(answer.trace)) as Answer["trace"];
  expect(JSON.stringify(await replay(stored, options))).toBe(JSON.stringify(answer));
}

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);
const questions = [chainQuestion, "When was Leiden University founded?", "Hello!", "Who is the king of Mars?"];

describe("replays byte for byte", () => {
  it.each(seeds(1, 70))(
    "run %i: models that fail, break off and are cut, searches that fail, budgets of all kinds",
    async (seed) => {
      const { dice, options, asked } = anyRun(seed, myths());
      await expectSame(await createRetrievalAgent(options).ask(pick(dice, ...questions), asked));
    },
  );

  const schema = z.object({
    company: z.string().describe("the registrant").toUpperCase(),
    revenue: z.number().describe("total net sales").max(1e9),
    auditor: z.string().nullable(),
    lines: z.array(z.string()),
  });
  it.each(seeds(1001, 15))("run %i: a form", async (seed) => {
    const { options } = anyRun(seed, filings());
    const answer = await createRetrievalAgent(options).ask("What did Northwind report for fiscal 2023?", { schema });
    const { trace } = answer;
    const stored = JSON.parse(JSON.stringify(trace)) as Answer["trace"];
    expect(JSON.stringify(await replay(stored, { schema }))).toBe(JSON.stringify(answer));
    const { value: _, valid, ...fields } = answer;
    expect(JSON.parse(JSON.stringify(await replay(stored)))).toEqual(JSON.parse(JSON.stringify(fields)));
  });

  it.each(seeds(2001, 15))("run %i: follow-ups in a thread, and a person who decides", async (seed) => {
    const { dice, options } = anyRun(seed, myths());
    const approve = pick(dice, [], ["plan"], ["write"], ["plan", "write"]) as ("plan" | "write")[];
    const agent = createRetrievalAgent({ ...options, approve, checkpointer: new MemorySaver() });
    for (const question of ["Who was Theseus?", "Who was his father?"]) {
      let answer: Answer | undefined;
      let decision: Pick<AskOptions, "decision"> = {};
      while (answer === undefined) {
        answer = await agent.ask(question, { thread: "t", ...decision }).catch(() => undefined);
        decision = { decision: dice() < 0.7 ? { approve: true } : { reject: "not now" } };
      }
      await expectSame(answer);
    }
  });
});
