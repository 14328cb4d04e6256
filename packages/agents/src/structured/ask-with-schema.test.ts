import { type Answer, type AnswerField, ClewError, type Extracted, type StructuredAnswer } from "@clew/core";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod/v4";
import type { AgentEvent } from "../agent-event.js";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { filings } from "../test/filings.js";
import type { AgentAnswer } from "../with-bundle.js";

const filing = z.object({
  company: z.string().describe("the registrant"),
  revenue: z.number().describe("total net sales"),
  currency: z.enum(["USD", "EUR", "GBP"]).describe("currency of the report"),
  period: z.string().describe("fiscal year"),
  auditor: z.string(),
});
const question = "What did Northwind report for fiscal 2023?";
const agent = () => createRetrievalAgent({ retriever: filings() });
const codes = ({ notes }: Answer): string[] => notes.map(({ code }) => code);
const quotes = ({ fields }: { fields: Readonly<Record<string, AnswerField>> }) =>
  Object.fromEntries(
    Object.entries(fields).map(([path, { citations }]) => [path, citations.map(({ quote }) => quote)]),
  );

describe("ask with a schema, without a model", () => {
  it("fills in a filing, each leaf with its quote", async () => {
    const answer = await agent().ask(question, { schema: filing });
    expect(answer.value).toEqual({
      company: "Northwind Traders, Inc.",
      revenue: 383_285_000_000,
      currency: "USD",
      period: "fiscal year ended September 30, 2023",
      auditor: "Example & Young LLP",
    });
    expect([answer.valid, answer.status, codes(answer)]).toEqual([true, "answered", []]);
    expect(quotes(answer)["/revenue"]).toEqual(["| Total net sales | $ 394,328 | $ 383,285 |"]);
    for (const { citations, verdict } of Object.values(answer.fields)) {
      expect(verdict).toBe("supported");
      expect(citations.length).toBeGreaterThan(0);
      for (const { evidence, quote, span } of citations) {
        const { passage } = answer.evidence.find(({ id }) => id === evidence)!;
        expect(passage.text.slice(...span)).toBe(quote);
      }
    }
  });

  it.each([
    [
      "the year of the question chooses the column",
      "What did Northwind report for fiscal 2022?",
      z.number().describe("total net sales"),
      394_328_000_000,
    ],
    [
      "the latest column, where no year is asked",
      "What did Northwind report?",
      z.number().describe("total net sales"),
      383_285_000_000,
    ],
    ["in the scale that the schema names", question, z.number().describe("total net sales in millions"), 383_285],
    ["per share is not in millions", question, z.number().describe("earnings per share"), 6.16],
    ["another row", question, z.number().describe("net income"), 96_995_000_000],
    [
      "prose, and not the year before",
      "How many employees did Northwind have in 2022?",
      z.int().describe("full-time employees"),
      164_000,
    ],
    ["of another company", "What did Contoso report?", z.number().describe("revenue"), 1_200_000_000],
    [
      "of another company, the year before",
      "What did Contoso report for 2022?",
      z.number().describe("revenue"),
      1_100_000_000,
    ],
    ["a percentage", "What did Contoso report?", z.number().describe("operating margin in percent"), 12.5],
    ["a date", "When did Northwind file its report?", z.iso.date().describe("date filed"), "2023-11-03"],
    ["a labelled text", "Where is Northwind incorporated?", z.string().describe("state of incorporation"), "Delaware"],
    ["a currency as text", "What did Contoso report?", z.string().describe("currency, as a code"), "EUR"],
    [
      "a year that no source speaks of",
      "What did Northwind report for fiscal 2019?",
      z.number().describe("total net sales"),
      null,
    ],
    ["a company that no source names", "What did Tailspin report for 2023?", z.number().describe("revenue"), null],
    ["a thing that no source says", question, z.number().describe("goodwill"), null],
  ])("%s", async (_, asked, leaf, expected) => {
    const answer = await agent().ask(asked, { schema: z.object({ it: leaf }) });
    expect(answer.fields["/it"]!.value).toEqual(expected);
    expect(codes(answer).includes("not-covered")).toBe(expected === null);
    expect(answer.status).toBe(expected === null ? "abstained" : "answered");
  });

  it("leaves lists, and yes or no, to models, and says so", async () => {
    const schema = z.object({
      auditor: z.string(),
      audited: z.boolean(),
      segments: z.array(z.object({ name: z.string(), revenue: z.number() })),
      note: z.string().optional(),
      goodwill: z.number().nullable(),
    });
    const answer = await agent().ask(question, { schema });
    expect(answer.value).toEqual({ auditor: "Example & Young LLP", audited: null, segments: [], goodwill: null });
    expect([answer.valid, answer.status]).toEqual([false, "partial"]);
    expect(answer.notes.map(({ detail }) => detail?.paths)).toContainEqual(["/audited", "/segments"]);
  });

  it("streams each field once, in order, the answer last", async () => {
    const seen: string[] = [];
    for await (const event of agent().stream(question, { schema: filing })) {
      if (event.type === "field") seen.push(event.path);
      if (event.type === "done") {
        expectTypeOf(event.answer).toEqualTypeOf<AgentAnswer<StructuredAnswer<z.infer<typeof filing>>>>();
        seen.push(String(event.answer.valid));
      }
    }
    expect(seen).toEqual(["/company", "/revenue", "/currency", "/period", "/auditor", "true"]);
  });

  it("looks up what sounds like small talk, and finds nothing in nothing", async () => {
    const answer = await createRetrievalAgent({ retriever: filings(), budget: { hops: 0 } }).ask("Hello", {
      schema: filing,
    });
    expect([answer.status, answer.valid]).toEqual(["abstained", false]);
    expect(answer.value).toEqual({ company: null, revenue: null, currency: null, period: null, auditor: null });
  });

  it("refuses a schema that it cannot fill in at once, before anything is looked up", async () => {
    const refused = agent().ask(question, { schema: z.object({ at: z.date() }) });
    await expect(refused).rejects.toThrow(/schema at \/at/);
    await expect(refused).rejects.toMatchObject({ code: "invalid-option" });
    await expect(agent().ask(question, { schema: z.string() as never })).rejects.toThrow(ClewError);
  });

  it("keeps nothing of a schema in its thread but plain JSON, and asks the next question without it", async () => {
    const checkpointer = new MemorySaver();
    const agent = createRetrievalAgent({ retriever: filings(), checkpointer });
    const schema = z.object({ auditor: z.string().refine((name) => name.length > 3) });
    const first = await agent.ask(question, { schema, thread: "t" });
    expect(first.value).toEqual({ auditor: "Example & Young LLP" });
    const second = await agent.ask("Who audited Contoso?", { thread: "t" });
    expect([second.fields, second.sentences.length > 0]).toEqual([undefined, true]);
    for await (const { checkpoint } of checkpointer.list({})) {
      expect(JSON.parse(JSON.stringify(checkpoint.channel_values))).toEqual(checkpoint.channel_values);
    }
  });

  it("resumes a run that was broken off, with the same schema alone", async () => {
    let searches = 0;
    const leaving = new AbortController();
    const retriever = filings([], () => {
      searches += 1;
      if (searches > 1) leaving.abort(new Error("killed"));
    });
    const agent = createRetrievalAgent({ retriever, checkpointer: new MemorySaver() });
    const schema = z.object({ auditor: z.string() });
    await expect(agent.ask(question, { schema, thread: "t", signal: leaving.signal })).rejects.toThrow("killed");
    const resumed = await agent.ask(question, { schema, thread: "t" });
    expect(resumed.value).toEqual({ auditor: "Example & Young LLP" });
  });

  it("is typed by the schema", () => {
    type Value = { a: string; n: number | null; list: { x: number }[]; tags: string[]; maybe?: boolean | undefined };
    expectTypeOf<Extracted<Value>>().toEqualTypeOf<{
      a: string | null;
      n: number | null;
      list: { x: number | null }[];
      tags: string[];
      maybe?: boolean | null | undefined;
    }>();
    const asked = () => agent().ask(question, { schema: filing });
    expectTypeOf(asked).returns.resolves.toEqualTypeOf<AgentAnswer<StructuredAnswer<z.infer<typeof filing>>>>();
    expectTypeOf(() => agent().ask(question)).returns.resolves.toEqualTypeOf<AgentAnswer>();
    expectTypeOf(() => agent().stream(question)).returns.toEqualTypeOf<AsyncGenerator<AgentEvent<AgentAnswer>, void, undefined>>();
    const read = (answer: StructuredAnswer<{ a: string }>): string | null =>
      answer.valid ? answer.value.a : answer.value.a;
    expectTypeOf(read).toBeFunction();
  });
});
