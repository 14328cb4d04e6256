import { type Answer, type Budget, openTrace } from "@clew/core";
import { fixedRuntime, scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import type { RetrievalAgentOptions } from "../retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { shelf } from "../test/shelf.js";

const rounds = ({ hops }: Answer): number => hops.at(-1)?.hop ?? 0;
const reasons = ({ notes }: Answer): unknown[] =>
  notes.filter(({ code }) => code === "stopped").map(({ detail }) => detail?.reason);
const limits = ({ notes }: Answer): unknown[] =>
  notes.filter(({ code }) => code === "budget-reached").map(({ detail }) => detail?.limits);
/** What the trace says of the end of the looking. */
const stops = ({ trace }: Answer): unknown[] =>
  openTrace(trace)
    .filter(({ kind }) => kind === "stop")
    .map(({ data }) => data);

/** Fields of a grade that was not answered. */
const open = { answered: false, evidence: [], answer: null, missing: "more" };
const words = ["Knossos maze", "Daedalus", "Icarus", "Samos", "Leiden", "Utrecht"];

/** A model that never has enough: it asks for something in each round. */
const asking = (query: (round: number) => string | null) =>
  scriptedModel({
    answers: ({ messages }) => {
      const [system, user] = messages.map(({ text }) => text);
      if (system!.startsWith("You decide"))
        return { json: { kind: "retrieve", question: chainQuestion, text: null, why: "facts" } };
      if (system!.startsWith("You plan"))
        return { json: { subQuestions: [{ id: "q1", question: chainQuestion, dependsOn: [] }] } };
      if (system!.startsWith("You check how far")) {
        const round = (user!.match(/^round \d+/gm) ?? []).length;
        return { json: { grades: [{ id: "q1", ...open, query: query(round) }] } };
      }
      return "Theseus was a hero of Athens.";
    },
  });

const askModel = (query: (round: number) => string | null, budget: Budget = {}, rest = {}): Promise<Answer> =>
  createRetrievalAgent({ retriever: myths(), models: asking(query), budget, ...rest }).ask(chainQuestion);

describe("a run stops with a model", () => {
  it("at enough evidence", async () => {
    const models = scriptedModel({
      answers: ({ messages }) => {
        const system = messages[0]!.text;
        if (system.startsWith("You decide"))
          return { json: { kind: "retrieve", question: null, text: null, why: "facts" } };
        if (system.startsWith("You plan"))
          return { json: { subQuestions: [{ id: "q1", question: chainQuestion, dependsOn: [] }] } };
        if (system.startsWith("You check how far")) {
          const grade = { id: "q1", answered: true, evidence: ["E1"], answer: "Daedalus", missing: null, query: "x y" };
          return { json: { grades: [grade] } };
        }
        return "Theseus was a hero of Athens. [E1]";
      },
    });
    const answer = await createRetrievalAgent({ retriever: myths(), models }).ask(chainQuestion);
    expect([rounds(answer), reasons(answer), limits(answer), stops(answer)]).toEqual([1, [], [], []]);
    expect(answer.status).toBe("answered");
  });

  it("after two rounds without new evidence", async () => {
    const answer = await askModel((round) => `Theseus ${"abcdefgh"[round]!.repeat(5)}`, { hops: 9 });
    expect([rounds(answer), reasons(answer)]).toEqual([3, ["nothing-new"]]);
    expect(stops(answer)).toEqual([{ reason: "nothing-new", limits: [] }]);
    expect(answer.status).toBe("partial");
    expect(answer.citations.length).toBeGreaterThan(0);
  });

  it.each([
    "Who built the place where Theseus killed the Minotaur?",
    "who built a place, where Theseus killed Minotaurs",
  ])("at a query nearly equal to an earlier one: %s", async (query) => {
    const answer = await askModel(() => query, { hops: 9 });
    expect([rounds(answer), reasons(answer)]).toEqual([1, ["repeated-query"]]);
  });

  it("when nothing is left to try", async () => {
    const answer = await askModel(() => null, { hops: 9 });
    expect([rounds(answer), reasons(answer)]).toEqual([1, ["nothing-to-try"]]);
  });

  it.each([1, 2, 4])("at the limit of %d hops", async (hops) => {
    const answer = await askModel((round) => words[round - 1]!, { hops });
    // each round brings something new: one hit at a time
    const one = await createRetrievalAgent({
      retriever: myths(),
      models: asking((round) => words[round - 1]!),
      budget: { hops },
      k: 1,
    }).ask(chainQuestion);
    expect([rounds(one), limits(one)]).toEqual([hops, [["hops"]]]);
    expect(one.status).toBe("partial");
    expect(rounds(answer)).toBeLessThanOrEqual(hops);
  });

  it.each<[keyof Budget, Budget]>([
    ["calls", { calls: 4, hops: 9 }],
    ["tokens", { tokens: 6000, hops: 9 }],
  ])("at the limit of %s, and still writes", async (limit, budget) => {
    const answer = await askModel((round) => words[round - 1] ?? null, budget, { k: 1 });
    expect(limits(answer).flat()).toContain(limit);
    expect(answer.citations.length).toBeGreaterThan(0);
    const spent = limit === "calls" ? answer.usage.calls : answer.usage.inputTokens + answer.usage.outputTokens;
    expect(spent).toBeLessThanOrEqual(budget[limit]!);
  });

  it("when the time is nearly used up", async () => {
    const runtime = fixedRuntime();
    const retriever = myths({ before: () => runtime.advance(450) });
    const answer = await askModel((round) => words[round - 1]!, { ms: 1000, hops: 9 }, { runtime, retriever, k: 1 });
    expect([rounds(answer), limits(answer)]).toEqual([2, [["ms"]]]);
    expect(stops(answer)).toEqual([{ reason: "budget", limits: ["ms"] }]);
  });
});

const chain = (length: number) =>
  Array.from({ length }, (_, index) => ({
    id: `c${index}`,
    title: `Place Number${index}`,
    text: `Place Number${index} is a stop of the treasure hunt. It leads to Place Number${index + 1}.`,
  }));

describe("a run stops without a model", () => {
  const ask = (question: string, options: Partial<RetrievalAgentOptions> = {}): Promise<Answer> =>
    createRetrievalAgent({ retriever: myths(), ...options }).ask(question);

  it("at enough evidence", async () => {
    const answer = await ask("When was Utrecht University founded?", { budget: { hops: 9 } });
    expect([answer.status, reasons(answer), limits(answer)]).toEqual(["answered", [], []]);
    expect(rounds(answer)).toBeLessThan(9);
  });

  it("when no name is left to follow", async () => {
    const answer = await ask("Which revenue did Zeus report to Hera?", { budget: { hops: 9 } });
    expect([answer.status, reasons(answer)]).toEqual(["abstained", ["nothing-to-try"]]);
  });

  it("at the limit of hops, however long the chain is", async () => {
    const retriever = shelf("hunt", chain(12));
    for (const hops of [1, 2, 4]) {
      const answer = await ask("Where does Place Number0 lead in the end?", { retriever, budget: { hops }, k: 1 });
      expect(rounds(answer)).toBeLessThanOrEqual(hops);
      expect(answer.citations.length).toBeGreaterThan(0);
    }
  });

  it("when the time is nearly used up", async () => {
    const runtime = fixedRuntime();
    const retriever = myths({ before: () => runtime.advance(900) });
    const answer = await ask(chainQuestion, { retriever, runtime, budget: { ms: 1000, hops: 9 }, k: 2 });
    expect([rounds(answer), answer.status]).toEqual([1, "partial"]);
    expect(limits(answer).flat()).toEqual(["ms"]);
  });

  it("before the first search when no hop is allowed", async () => {
    const answer = await ask(chainQuestion, { budget: { hops: 0 } });
    expect([answer.status, answer.hops, limits(answer)]).toEqual(["abstained", [], [["hops"]]]);
  });

  it("after two rounds without new evidence, whatever the policy would like", async () => {
    const own = extractivePolicy();
    const grade: typeof own.grade = async ({ plan, hops }) =>
      plan.subQuestions.map(({ id }) => ({
        subQuestion: id,
        kind: "missing",
        missing: "more",
        next: { query: `Theseus ${"abcdefgh"[hops.length]!.repeat(5)}`, why: "more" },
      }));
    const answer = await ask(chainQuestion, { policy: { ...own, grade }, budget: { hops: 9 } });
    expect([rounds(answer), reasons(answer)]).toEqual([3, ["nothing-new"]]);
  });
});

describe("a run that looks nothing up", () => {
  it.each([
    ["Hello!", "converse", "a greeting"],
    ["  ", "clarify", "the question is empty"],
  ])("%j: %s, and the trace says why", async (question, kind, why) => {
    const answer = await createRetrievalAgent({ retriever: myths() }).ask(question);
    expect(answer.hops).toEqual([]);
    expect(openTrace(answer.trace).find((entry) => entry.kind === "route")?.data).toMatchObject({ kind, why });
  });

  it.each(["converse", "clarify", "decline"] as const)("with a model: %s", async (kind) => {
    const text = kind === "clarify" ? "Which one do you mean?" : "You are welcome.";
    const models = scriptedModel({ answers: () => ({ json: { kind, question: null, text, why: "because" } }) });
    const answer = await createRetrievalAgent({ retriever: myths(), models }).ask("Well, thanks.");
    expect([answer.hops, answer.usage.calls]).toEqual([[], 1]);
    expect(openTrace(answer.trace).find((entry) => entry.kind === "route")?.data).toMatchObject({
      kind,
      why: "because",
    });
  });
});

describe("sub-questions", () => {
  const planned = [
    { id: "q1", question: "Where did Theseus kill the Minotaur?", dependsOn: [] },
    { id: "q2", question: "Who built {q1}?", dependsOn: ["q1"] },
    { id: "q3", question: "When was Leiden University founded?", dependsOn: [] },
  ];
  const own = extractivePolicy();

  it("without dependencies are searched at once, the others when they may", async () => {
    const log: string[] = [];
    const retriever = shelf(
      "slow",
      ["Theseus", "Labyrinth", "Leiden"].map((title) => ({ id: title, title, text: `${title} is here.` })),
      {
        before: async (query) => {
          log.push(`begin ${query}`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          log.push(`end ${query}`);
        },
      },
    );
    const grade: typeof own.grade = async ({ plan, hops, evidence }) =>
      plan.subQuestions.map(({ id }) =>
        hops.some(({ subQuestion }) => subQuestion === id)
          ? { subQuestion: id, kind: "answered", evidence: [evidence[0]!.id], answer: "the Labyrinth" }
          : { subQuestion: id, kind: "missing", missing: "not asked yet" },
      );
    const policy = { ...own, plan: async () => ({ subQuestions: planned }), grade };
    const answer = await createRetrievalAgent({ retriever, policy }).ask(chainQuestion);
    expect(log.slice(0, 2)).toEqual([
      "begin Where did Theseus kill the Minotaur?",
      "begin When was Leiden University founded?",
    ]);
    expect(answer.hops.map(({ hop, query }) => [hop, query]).at(-1)).toEqual([2, "Who built the Labyrinth?"]);
  });

  it("that depend on one that failed are asked as they stand, and the others finish", async () => {
    const retriever = myths({
      before: (query) => {
        if (query.startsWith("Where did")) throw new Error("the shard is gone");
      },
    });
    const grade: typeof own.grade = async ({ plan, evidence }) =>
      plan.subQuestions.map(({ id }) =>
        id === "q3" && evidence.length > 0
          ? { subQuestion: id, kind: "answered", evidence: [evidence[0]!.id] }
          : { subQuestion: id, kind: "missing", missing: "everything" },
      );
    const policy = { ...own, plan: async () => ({ subQuestions: planned }), grade };
    const answer = await createRetrievalAgent({ retriever, policy }).ask("When was Leiden University founded?");
    expect(answer.hops.map(({ hop, subQuestion, hits }) => [hop, subQuestion, hits > 0])).toEqual([
      [1, "q1", false],
      [1, "q3", true],
      [2, "q2", true],
    ]);
    expect(answer.notes.map(({ code }) => code)).toContain("sub-question-failed");
    expect(answer.text).toContain("1575");
    expect(answer.status).toBe("partial");
  });
});
