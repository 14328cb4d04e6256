import { createRetrievalAgent, extractivePolicy, llmPolicy } from "@clew/agents";
import { quoteTagForm, scope } from "@clew/core";
import { scriptedModel, sourceInputs } from "@clew/core/testing";
import { memoryIndex } from "@clew/index";
import { lexical } from "@clew/retrievers";
import { expect, it } from "vitest";
import { writtenBy } from "./written-by.js";

const sentence = "The Seine flows through Paris.";

/** What a writer that says so has written. */
async function written(said: string) {
  const index = await memoryIndex();
  await index.sync(scope("acme"), sourceInputs([`${sentence} It is 777 kilometres long.`]));
  const { route, plan, grade } = extractivePolicy();
  const agent = createRetrievalAgent({
    retriever: lexical(index.in(scope("acme"))),
    policy: { ...llmPolicy(), route, plan, grade },
    models: { writer: { model: scriptedModel({ answers: [said] }), form: quoteTagForm() } },
    budget: { hops: 1 },
  });
  return writtenBy(await agent.ask("Which river flows through Paris?"));
}

it.each([
  ["a marked quote", `<quote id="E1">${sentence}</quote>`, [true, true, true, true]],
  ["prose that holds, whose quote code finds", sentence, [false, false, false, true]],
  ["a quote that stands nowhere", '<quote id="E1">The Rhine flows through Bonn.</quote>', [true, false, false, false]],
  ["a passage that there is not", `<quote id="E9">${sentence}</quote>`, [true, false, false, false]],
])("tells of %s", async (_, said, figures) => {
  const { form, verbatim, verified, supported, text } = await written(said);
  expect([form, verbatim, verified, supported]).toEqual(figures);
  expect(text).toBe(said);
});
