import type { DraftEvent, PolicyCall, PolicyState } from "@clew/core";
import { aCall, testPolicy } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { extractivePolicy } from "./extractive-policy.js";

const call: PolicyCall = { ...aCall(), model: () => Promise.reject(new Error("no model is needed")) };
const state = (fields: Partial<PolicyState>): PolicyState => ({
  question: "",
  conversation: [],
  sources: [],
  plan: { subQuestions: [{ id: "q1", question: "", dependsOn: [] }] },
  evidence: [],
  grades: [],
  hops: [],
  ...fields,
});

describe("extractivePolicy", () => {
  testPolicy({ make: () => extractivePolicy() });

  it.each(["hi", "Hello there!", "Thank you very much", "good morning", "Bye"])(
    "answers %j without a search",
    async (question) => {
      expect((await extractivePolicy().route(state({ question }), call)).kind).toBe("converse");
    },
  );

  it.each(["Hello Kitty was designed by whom?", "Who sang Thank You?", "High tides?"])(
    "looks %j up",
    async (question) => {
      expect(await extractivePolicy().route(state({ question }), call)).toMatchObject({ kind: "retrieve", question });
    },
  );

  it("asks back when there is no question", async () => {
    expect((await extractivePolicy().route(state({ question: "  " }), call)).kind).toBe("clarify");
  });

  it("carries names of the last turn into a follow-up, and into nothing else", async () => {
    const conversation = [{ question: "Who founded Leiden University?", answer: "William of Orange founded it." }];
    const route = async (question: string) => {
      const routed = await extractivePolicy().route(state({ question, conversation }), call);
      return routed.kind === "retrieve" ? routed.question : "";
    };
    expect(await route("When did he die?")).toBe("When did William of Orange die?");
    expect(await route("And its motto?")).toContain("Leiden University");
    expect(await route("Which river flows through Prague?")).toBe("Which river flows through Prague?");
  });

  it("plans a search for each name that a question compares", async () => {
    const question = "Which is older, Leiden University or Utrecht University?";
    const { subQuestions } = await extractivePolicy().plan(state({ question }), call);
    expect(subQuestions.map(({ question: part }) => part)).toEqual([
      question,
      "Leiden University older",
      "Utrecht University older",
    ]);
  });

  it("writes no more quotes than it may", async () => {
    const evidence = "abc".split("").map((id, index) => ({
      id: `E${index + 1}` as never,
      passage: {
        id: id as never,
        source: id,
        ordinal: 0,
        span: [0, 0] as const,
        text: `Leiden University has ${index + 3} faculties. Leiden University lies in Leiden. Its motto is old.`,
        title: `Part ${id}`,
        headings: [],
        line: 1,
        metadata: {},
      },
      score: 1,
      hop: 1,
      queries: [],
    }));
    const events: DraftEvent[] = [];
    const policy = extractivePolicy({ quotes: 2 });
    for await (const event of policy.write(
      state({ question: "Which faculties has Leiden University?", evidence }),
      call,
    )) {
      events.push(event);
    }
    const sentences = events.filter((event) => event.type === "sentence");
    expect(sentences).toHaveLength(2);
    for (const { text, citations } of sentences) expect(citations).toMatchObject([{ quote: text }]);
  });

  it.each([{ quotes: 0 }, { bridges: 1.5 }, { minCoverage: 2 }, { minConfidence: -1 }, { quote: 4 }])(
    "refuses %j",
    (options) => {
      expect(() => extractivePolicy(options as never)).toThrow(expect.objectContaining({ code: "invalid-option" }));
    },
  );
});
