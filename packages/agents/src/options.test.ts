import { ClewError, defineRetriever, noUsage, scope } from "@clew/core";
import { scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { myths } from "./test/myths.js";

describe("refuses", () => {
  const retriever = myths();
  const live = defineRetriever("live", async () => ({ hits: [], notes: [], usage: noUsage, generation: -1 }), {
    scope: undefined,
  });
  it.each<[string, () => unknown]>([
    ["an unknown option", () => createRetrievalAgent({ retriever, temperature: 0 } as never)],
    ["an unknown limit", () => createRetrievalAgent({ retriever, budget: { token: 5 } as never })],
    ["a limit below 0", () => createRetrievalAgent({ retriever, budget: { ms: -1 } })],
    ["something that is no retriever", () => createRetrievalAgent({ retriever: {} as never })],
    ["a live retriever without a scope", () => createRetrievalAgent({ retriever: live })],
    ["another scope than the retriever's", () => createRetrievalAgent({ retriever, scope: scope("rival") })],
    [
      "a model for an unknown role",
      () => createRetrievalAgent({ retriever, models: { poet: scriptedModel({ answers: [] }) } as never }),
    ],
  ])("%s", (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });

  it.each([
    ["an unknown option of a question", { top: 3 }, "invalid-option"],
    ["a thread without a checkpointer", { thread: "t" }, "invalid-option"],
    ["k below 1", { k: 0 }, "invalid-option"],
    ["a filter of no store", { filter: { year: { $near: 3 } } }, "invalid-filter"],
  ])("%s", async (_, options, code) => {
    const asked = createRetrievalAgent({ retriever }).ask("x", options as never);
    await expect(asked).rejects.toSatisfy((error) => ClewError.isInstance(error) && error.code === code);
  });
});
