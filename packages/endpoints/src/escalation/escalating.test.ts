import { type Answer, type AnswerSentence, type Budget, openTrace, sealTrace, verifyTrace } from "@clew/core";
import { fixedRuntime } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { escalating, type RungOptions } from "./escalating.js";
import { supportOf } from "./support-of.js";

const sentence = (text: string, verdict: AnswerSentence["verdict"] = "supported"): AnswerSentence => ({
  ...{ text, verdict, reasons: [] },
  citations: [{ evidence: "E1", quote: text, source: "s1", title: "Leiden", span: [0, text.length], line: 1 } as never],
});
function anAnswer(text: string, fields: Partial<Answer> = {}): Answer {
  const sentences = fields.sentences ?? [sentence(text)];
  return {
    ...{ id: text, question: "When was Leiden University founded?", status: "answered", text, sentences },
    citations: sentences.flatMap(({ citations }) => citations),
    ...{ evidence: [], hops: [], notes: [{ code: "cut", message: text }] },
    usage: { inputTokens: 10, outputTokens: 5, calls: 1, usd: 0.5 },
    trace: sealTrace({ run: text, entries: [{ seq: 0, at: 0, kind: "note", data: text }], runtime: fixedRuntime() }),
    ...fields,
  };
}

const rung = (answer: Answer | Error, asked: (RungOptions | undefined)[] = []) => ({
  ask: async (_question: string, options?: RungOptions): Promise<Answer> => {
    asked.push(options);
    if (answer instanceof Error) throw answer;
    return answer;
  },
});
const scored = ({ text }: Answer): number => Number(text);

describe("supportOf", () => {
  it("multiplies what is supported by what of the question is held", () => {
    // content words: when, Leiden, University, founded; the title holds the second
    expect(supportOf(anAnswer("When the University was founded."))).toBe(1);
    expect(supportOf(anAnswer("It was founded in 1575."))).toBe(0.5);
    const half = [sentence("When Leiden University was founded."), sentence("So it was.", "unsupported")];
    expect(supportOf(anAnswer("x", { sentences: half }))).toBe(0.5);
    expect(supportOf(anAnswer("x", { status: "abstained" }))).toBe(0);
    expect(supportOf(anAnswer("x", { sentences: [] }))).toBe(0);
  });
});

describe("escalating", () => {
  it("gives the first answer that is good enough, with the cost and the trace of all", async () => {
    const asked: (RungOptions | undefined)[] = [];
    const agent = escalating({
      rungs: { extractive: rung(anAnswer("0.2")), tuned: rung(anAnswer("0.7")), base: rung(anAnswer("0.9"), asked) },
      threshold: 0.7,
      score: scored,
    });
    const answer = await agent.ask("q");
    expect([answer.text, asked.length]).toEqual(["0.7", 0]);
    expect(answer.usage).toEqual({ inputTokens: 20, outputTokens: 10, calls: 2, usd: 1 });
    expect(openTrace(answer.trace).map(({ kind, data }) => [kind, data])).toMatchObject([
      ["note", "0.2"],
      ["part", { run: "0.2" }],
      ["note", "0.7"],
      ["part", { run: "0.7" }],
    ]);
    expect(verifyTrace(answer.trace)).toMatchObject({ code: "intact", run: answer.id });
    expect(answer.notes).toMatchObject([
      { code: "cut" },
      { code: "x-escalated", detail: { rung: "extractive", score: 0.2, threshold: 0.7 } },
      { code: "x-escalated", detail: { rung: "tuned", score: 0.7 } },
    ]);
  });

  it("abstains where no answer is good enough, and claims nothing", async () => {
    const agent = escalating({ rungs: { a: rung(anAnswer("0.2")) }, threshold: 0.5, score: scored });
    const answer = await agent.ask("q");
    expect(answer).toMatchObject({ status: "abstained", text: "", sentences: [], citations: [] });
    expect(answer.notes.map(({ code }) => code)).toEqual(["cut", "x-escalated", "not-covered"]);
  });

  it("tells the score which rung answered", async () => {
    const score = (_answer: Answer, name: string): number => (name === "b" ? 1 : 0);
    const rungs = { a: rung(anAnswer("x")), b: rung(anAnswer("y")) };
    expect((await escalating({ rungs, threshold: 1, score }).ask("q")).text).toBe("y");
  });

  it("takes 0 at its word", async () => {
    const agent = escalating({ rungs: { a: rung(anAnswer("0")) }, threshold: 0, score: scored });
    expect((await agent.ask("q")).text).toBe("0");
  });

  it("goes on over a rung that fails, with a note, and throws where none answers", async () => {
    const broken = rung(new Error("no: Bearer abcdefghijkl"));
    const agent = escalating({ rungs: { a: broken, b: rung(anAnswer("1")) }, threshold: 0.5, score: scored });
    const { text, notes } = await agent.ask("q");
    expect(text).toBe("1");
    expect(notes[1]).toMatchObject({ code: "fell-back", detail: { rung: "a" } });
    expect(notes[1]!.message).not.toContain("abcdefghijkl");
    await expect(escalating({ rungs: { a: broken }, threshold: 0.5 }).ask("q")).rejects.toThrow("no: Bearer");
  });

  it("gives each rung what the others left of the budget", async () => {
    const budgets: (RungOptions | undefined)[] = [];
    const rungs = {
      a: rung(anAnswer("0.1"), budgets),
      b: rung(anAnswer("0.2"), budgets),
      c: rung(anAnswer("1"), budgets),
    };
    let now = 0;
    const runtime = { now: () => (now += 10) };
    const agent = escalating({ rungs, threshold: 0.5, score: scored, runtime });
    const budget: Budget = { tokens: 40, usd: 1, hops: 3, ms: 1000 };
    const answer = await agent.ask("q", { budget });
    expect(budgets.map((options) => options!.budget)).toEqual([budget, { tokens: 25, usd: 0.5, hops: 3, ms: 980 }]);
    // two answers of $ .5 have spent it
    expect(answer.status).toBe("abstained");
    expect(answer.notes.at(-2)).toMatchObject({ code: "budget-reached", detail: { limits: ["usd"] } });
  });

  it("stops at the signal", async () => {
    const controller = new AbortController();
    const leaving = {
      ask: async (): Promise<Answer> => {
        controller.abort(new Error("enough"));
        return anAnswer("0.1");
      },
    };
    const asked: (RungOptions | undefined)[] = [];
    const agent = escalating({ rungs: { a: leaving, b: rung(anAnswer("1"), asked) }, threshold: 0.5, score: scored });
    await expect(agent.ask("q", { signal: controller.signal })).rejects.toThrow("enough");
    expect(asked).toHaveLength(0);
  });

  it.each([
    { rungs: {}, threshold: 0 },
    { rungs: { a: {} }, threshold: 0 },
    { rungs: { a: rung(anAnswer("1")) }, threshold: Number.NaN },
    { rungs: { a: rung(anAnswer("1")) }, threshold: 0, retries: 1 },
  ])("refuses what makes no sense", (options) => {
    expect(() => escalating(options as never)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
  });
});
