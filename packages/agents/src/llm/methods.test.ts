import { type ScriptedAnswer, scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { ask, codes, modelOf, roleOf, wise } from "../test/wise-model.js";
import { llmPolicy } from "./llm-policy.js";

describe("methods", () => {
  const formsOf = async (capabilities: object): Promise<string[]> => {
    const model = modelOf({});
    const policy = llmPolicy({ models: model, capabilities });
    await createRetrievalAgent({ retriever: myths(), policy }).ask(chainQuestion);
    return model.calls
      .filter((request) => roleOf(request) === "router")
      .map(({ tools, responseFormat }) =>
        tools.length > 0 ? "tool" : ((responseFormat as { type?: string })?.type ?? "prompted"),
      );
  };
  it.each([
    [{ jsonSchema: true, tools: true }, "json_schema"],
    [{ tools: true }, "tool"],
    [{ tools: false, jsonMode: true }, "json_object"],
    [{ tools: false, jsonMode: false }, "prompted"],
    [{}, "tool"],
  ])("chooses by what the model can do: %j", async (capabilities, form) => {
    expect(await formsOf(capabilities)).toEqual([form]);
  });

  it("falls back, with a note, where a server refuses tools", async () => {
    const model = scriptedModel({
      answers: (request) => {
        if (request.tools.length > 0) return new Error("400 tools are not supported");
        const answer = wise[roleOf(request)]!;
        return typeof answer === "function" ? answer(request) : answer;
      },
    });
    const answer = await createRetrievalAgent({ retriever: myths(), models: model }).ask(chainQuestion);
    expect(answer.sentences[0]?.verdict).toBe("supported");
    expect(answer.notes.find(({ code }) => code === "fell-back")?.message).toContain("jsonMode is tried");
  });

  it("repairs an answer of the wrong form once", async () => {
    let tries = 0;
    const answer = await ask({
      planner: () => {
        tries += 1;
        return tries === 1 ? { json: { parts: [] } } : (wise.planner as ScriptedAnswer);
      },
    });
    expect([tries, answer.hops.length]).toEqual([2, 2]);
    expect(codes(answer)).toContain("repaired");
  });
});
