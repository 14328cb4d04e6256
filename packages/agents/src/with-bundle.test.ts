import { expect, it } from "vitest";
import { z } from "zod/v4";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { filings } from "./test/filings.js";
import { chainQuestion, myths } from "./test/myths.js";

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
