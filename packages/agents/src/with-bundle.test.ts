import { MemorySaver } from "@langchain/langgraph";
import { expect, expectTypeOf, it } from "vitest";
import { z } from "zod/v4";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { createResearcher } from "./researcher/create-researcher.js";
import { filings } from "./test/filings.js";
import { chainQuestion, myths } from "./test/myths.js";
import { question } from "./test/persisted-research.mjs";
import type { Bundled } from "./with-bundle.js";

it("an answer makes a proof of itself, and stays plain JSON", async () => {
  const agent = createRetrievalAgent({ retriever: myths() });
  const answer = await agent.ask(chainQuestion);
  expect(Object.keys(answer)).not.toContain("bundle");
  expect(structuredClone(answer)).toEqual(answer);
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);

  const { html, json } = await answer.bundle({ title: "A proof" });
  expect(json.quotes).toHaveLength(answer.citations.length);
  expect(json.trace?.root).toBe(answer.trace.lines.at(-1)!.hash);
  expect(html).toContain(json.trace!.root);
  expect(html).toContain("<title>A proof</title>");
  await expect(answer.bundle({ tilte: "A proof" } as object)).rejects.toThrow(/tilte/);
});

it("an answer at the end of a stream does so too, and one with a schema", async () => {
  const agent = createRetrievalAgent({ retriever: myths() });
  for await (const event of agent.stream(chainQuestion)) {
    if (event.type === "done") expect((await event.answer.bundle()).json.id).toBe(event.answer.id);
  }

  const structured = await createRetrievalAgent({ retriever: filings() }).ask("What did Northwind report for 2023?", {
    schema: z.object({ company: z.string().describe("the registrant") }),
  });
  const { json } = await structured.bundle();
  expect(json.fields).toEqual([expect.objectContaining({ path: "/company", quotes: [1] })]);
});

it("a report does so, whether it was streamed or kept until somebody resumed it", async () => {
  const checkpointer = new MemorySaver();
  const researcher = createResearcher({ retriever: myths(), checkpointer });
  for await (const event of researcher.stream(question, { thread: "t" })) {
    if (event.type === "section-done") break;
  }
  const report = await researcher.research(question, { thread: "t" });
  expectTypeOf(report).toExtend<Bundled>();
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  const { json, html } = await report.bundle();
  expect([json.id, json.trace?.root]).toEqual([report.id, report.trace.lines.at(-1)!.hash]);
  expect(json.quotes.length).toBeGreaterThan(0);
  expect(html).toContain(json.trace!.root);
  for await (const event of createResearcher({ retriever: myths() }).stream(question)) {
    if (event.type === "done") expect((await event.report.bundle()).json.id).toBe(event.report.id);
  }
});
