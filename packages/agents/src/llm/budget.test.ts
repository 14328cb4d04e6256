import { scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { ask, codes, roleOf, wise } from "../test/wise-model.js";

describe("budget", () => {
  it.each([0, 500, 1500, 3000])(
    "ends %i tokens in an answer that quotes, without passing the limit",
    async (tokens) => {
      const answer = await ask({}, { budget: { tokens } });
      expect(answer.usage.inputTokens + answer.usage.outputTokens).toBeLessThanOrEqual(tokens);
      expect(codes(answer)).toContain("budget-reached");
      expect(answer.citations.length).toBeGreaterThan(0);
      expect(answer.status).toBe("partial");
    },
  );

  it("keeps a call for the writer", async () => {
    const roles: string[] = [];
    const model = scriptedModel({
      answers: (request) => {
        roles.push(roleOf(request));
        const answer = wise[roleOf(request)]!;
        return typeof answer === "function" ? answer(request) : answer;
      },
    });
    const answer = await createRetrievalAgent({ retriever: myths(), models: model, budget: { calls: 2 } }).ask(
      chainQuestion,
    );
    expect(roles).toEqual(["router", "writer"]);
    expect(answer.usage.calls).toBe(2);
  });

  it("says when a model does not keep to what was set aside", async () => {
    const spendthrift = {
      content: "The Labyrinth was built by Daedalus.",
      usage: { inputTokens: 5, outputTokens: 9000 },
    };
    expect(codes(await ask({ writer: spendthrift }))).toContain("overrun");
  });
});
