import { scriptedModel } from "@clew/core/testing";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { myths } from "../test/myths.js";

const conversation = [{ question: "When was Leiden University founded?", answer: "In 1575." }];

/** A router that says this; every other role fails, and code decides. */
const routing = (question: string | null, seen: string[] = []) =>
  scriptedModel({
    answers: ({ messages }) => {
      seen.push(messages[1]!.text);
      const isRouter = messages[0]!.text.startsWith("You decide");
      return isRouter ? { json: { kind: "retrieve", question, text: null, why: "facts" } } : "";
    },
  });

describe("a follow-up with a model", () => {
  it("is planned, searched and graded as the router resolved it, and asked as the user asked it", async () => {
    const seen: string[] = [];
    const models = routing("When was Utrecht University founded?", seen);
    const answer = await createRetrievalAgent({ retriever: myths(), models }).ask("and Utrecht?", { conversation });
    expect(answer.question).toBe("and Utrecht?");
    expect(answer.hops[0]?.query).toBe("When was Utrecht University founded?");
    expect(seen[0]).toContain("asked: When was Leiden University founded?\nanswered: In 1575.");
    for (const prompt of seen.slice(1)) expect(prompt).toContain("When was Utrecht University founded?");
    expect(answer.text).toContain("1636");
  });

  it.each([null, "What about Utrecht University?"])(
    "is resolved by rules where the router says %j",
    async (question) => {
      const agent = createRetrievalAgent({ retriever: myths(), models: routing(question) });
      const answer = await agent.ask("What about Utrecht University?", { conversation });
      expect(answer.hops[0]?.query).toBe("When was Utrecht University founded?");
    },
  );

  it("is left alone where it stands on its own", async () => {
    const agent = createRetrievalAgent({ retriever: myths(), models: routing(null) });
    const answer = await agent.ask("Who was the father of Icarus?", { conversation });
    expect(answer.hops[0]?.query).toBe("Who was the father of Icarus?");
  });
});

it("a thread without a model goes on over several turns", async () => {
  const agent = createRetrievalAgent({ retriever: myths(), checkpointer: new MemorySaver(), budget: { hops: 1 } });
  const ask = async (question: string) => (await agent.ask(question, { thread: "t" })).hops[0]?.query;
  expect(await ask("When was Leiden University founded?")).toBe("When was Leiden University founded?");
  expect(await ask("Thanks!")).toBeUndefined();
  expect(await ask("What about Utrecht University?")).toBe("When was Utrecht University founded?");
  expect(await ask("And where is it?")).toBe("And where is Utrecht University?");
  expect(await ask("Why does bread rise?")).toBe("Why does bread rise?");
});
