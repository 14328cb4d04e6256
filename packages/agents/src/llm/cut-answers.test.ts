import type { ScriptedAnswer, ScriptedRequest } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";
import { ask, idOf, modelOf, roleOf, wise } from "../test/wise-model.js";
import { llmPolicy } from "./llm-policy.js";

describe("an answer that its model cut", () => {
  const cut = (content: string): ScriptedAnswer => ({ content, finishReason: "length" });
  const whole = "The Labyrinth was built by Daedalus. [E1] [E2] [E3]";

  it("loses the sentence that it had not finished, is partial, and says so", async () => {
    const answer = await ask({
      writer: (request) =>
        cut(`The Labyrinth was built by Daedalus [${idOf(request, "built by Daedalus")}]. Theseus killed the Mino`),
    });
    expect([answer.status, answer.text]).toEqual(["partial", "The Labyrinth was built by Daedalus."]);
    expect(answer.notes).toEqual([
      expect.objectContaining({ code: "cut", detail: { role: "writer", reason: "length" } }),
    ]);
  });

  it("gives quotes where not even the first sentence was finished", async () => {
    const answer = await ask({ writer: cut("The Labyrinth was built by Daed") });
    expect(answer.text).not.toContain("built by Daed ");
    expect(answer.status).toBe("partial");
    expect(answer.citations.length).toBeGreaterThan(0);
    expect(answer.notes.find(({ code }) => code === "fell-back")?.message).toContain("was cut before");
  });

  it("is whole where the repair that replaced it is", async () => {
    const answer = await ask({ writer: cut(`The Labyrinth was built in 1999. ${whole} And th`), repair: whole });
    expect([answer.status, answer.text]).toEqual(["answered", "The Labyrinth was built by Daedalus."]);
  });

  it.each(["tool", "prompted"])("is no decision, and is asked for again, by %s", async (method) => {
    let tries = 0;
    const model = modelOf({
      grader: (request) => {
        const { json } = (wise.grader as (request: ScriptedRequest) => { json: object })(request);
        tries += 1;
        if (tries > 1) return { json };
        return method === "tool"
          ? { toolCalls: [], ...(cut('{"grades":[{"id":') as object) }
          : cut('{"grades":[{"id":');
      },
    });
    const policy = llmPolicy({ models: model, capabilities: { tools: method === "tool", jsonMode: false } });
    const answer = await createRetrievalAgent({ retriever: myths(), policy }).ask(chainQuestion);
    expect(answer.notes.find(({ code }) => code === "repaired")).toMatchObject({
      message: expect.stringContaining("cut at its limit of tokens"),
      detail: { role: "grader", cut: true },
    });
    const again = model.calls.filter((request) => roleOf(request) === "grader")[1];
    expect(again?.messages[1]?.text).toContain("too long");
    expect(again?.tools.length).toBe(method === "tool" ? 1 : 0);
    // a decision that was cut says nothing of the answer
    expect(answer.status).toBe("answered");
  });

  it("says in the end why a decision could not be used", async () => {
    const answer = await ask({ planner: cut('{"subQuestions":[{"id":"a","question":"Wh') });
    expect(answer.notes.find(({ code }) => code === "fell-back")).toMatchObject({
      message: expect.stringContaining("was cut at its limit of tokens (length)"),
      detail: { role: "planner" },
    });
  });
});
