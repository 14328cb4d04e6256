import { type Answer, type Capabilities, ClewError, type JsonObject } from "@clew/core";
import { type ScriptedAnswer, type ScriptedRequest, scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod/v4";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { llmPolicy } from "../llm/llm-policy.js";
import { filings } from "../test/filings.js";

type Says = (request: ScriptedRequest, repairing: boolean) => ScriptedAnswer;

/** The evidence id under which a prompt shows the passage that holds a text. */
function idOf({ messages }: ScriptedRequest, text: string): string {
  const { text: whole } = messages[1]!;
  const shown = whole.slice(whole.indexOf("<<<evidence"));
  return /<<<evidence (E\d+)/.exec(shown.slice(shown.lastIndexOf("<<<", shown.indexOf(text))))![1]!;
}

const question = "What did Northwind and Contoso report for fiscal 2023?";

/** An agent whose writer says what it is told to, and whose other roles are code. */
function agentOf(
  says: Says,
  { capabilities = {}, budget = {} }: { capabilities?: Capabilities; budget?: JsonObject } = {},
) {
  const asked: ScriptedRequest[] = [];
  const model = scriptedModel({
    answers: (request) => {
      if (!request.messages[0]!.text.startsWith("You fill in")) return "none of my business";
      asked.push(request);
      return says(request, request.messages[1]!.text.includes("Values that were refused"));
    },
  });
  const agent = createRetrievalAgent({
    retriever: filings(),
    policy: llmPolicy({ models: model, capabilities }),
    budget,
  });
  return { agent, asked };
}

const held = (request: ScriptedRequest, value: unknown, text: string) => ({
  value,
  quotes: [{ evidence: idOf(request, text), quote: text }],
});
const codes = ({ notes }: Answer): string[] => notes.map(({ code }) => code);
const jsonSchema = { capabilities: { jsonSchema: true } };

describe("ask with a schema, with a model", () => {
  it("verifies each leaf: scales, dates, texts, choices, yes or no, lists", async () => {
    const schema = z.object({
      revenue: z.number(),
      inBillions: z.number().describe("revenue in billions"),
      table: z.number().describe("net sales"),
      margin: z.number(),
      filed: z.iso.date(),
      currency: z.enum(["USD", "EUR"]),
      audited: z.boolean(),
      auditors: z.array(z.object({ name: z.string(), of: z.string().nullable() })),
      states: z.array(z.string()),
    });
    const { agent } = agentOf(
      (request) => ({
        json: {
          revenue: held(request, 1_200_000_000, "revenue of €1.2 billion"),
          inBillions: held(request, 1.2, "revenue of €1.2 billion"),
          table: held(request, 383_285_000_000, "Total net sales | $ 394,328 | $ 383,285"),
          margin: held(request, 12.5, "rose to 12.5%"),
          filed: held(request, "2023-11-03", "filed on 3 November 2023"),
          currency: held(request, "EUR", "€1.2 billion"),
          audited: held(request, true, "The accounts were audited by Fabrikam Audit LLP"),
          auditors: [
            {
              name: held(request, "Fabrikam audit LLP", "audited by Fabrikam Audit LLP"),
              of: held(request, "Contoso plc", "Contoso plc"),
            },
            { name: held(request, "Nobody & Sons", "audited by Fabrikam Audit LLP"), of: { value: null, quotes: [] } },
            {
              name: held(request, "Example and Young LLP", "audited by Example & Young LLP"),
              of: { value: null, quotes: [] },
            },
          ],
          states: [
            held(request, "Delaware", "incorporation: Delaware"),
            held(request, "Ohio", "incorporation: Delaware"),
          ],
        },
      }),
      jsonSchema,
    );
    const answer = await agent.ask(question, { schema });
    expect(answer.value).toEqual({
      revenue: 1_200_000_000,
      inBillions: 1.2,
      table: 383_285_000_000,
      margin: 12.5,
      filed: "2023-11-03",
      currency: "EUR",
      audited: true,
      auditors: [
        { name: "Fabrikam Audit LLP", of: "Contoso plc" },
        { name: "Example & Young LLP", of: null },
      ],
      states: ["Delaware"],
    });
    expect([answer.valid, answer.status]).toEqual([true, "partial"]);
    expect(answer.fields["/auditors/1/name"]?.citations[0]?.quote).toBe("audited by Example & Young LLP");
    const refused = answer.notes.filter(({ code }) => code === "unsupported").map(({ detail }) => detail?.value);
    expect(refused).toEqual(["Nobody & Sons", "Ohio"]);
  });

  it.each([
    ["another number", 1_300_000_000, "revenue of €1.2 billion"],
    ["a number cut out of another", 285, "$ 383,285"],
    ["a number that stands in no quote", 7, "Contoso plc reported revenue"],
    ["a percentage for money", 0.125, "rose to 12.5%"],
  ])("refuses %s", async (_, value, quote) => {
    const { agent } = agentOf(
      (request) => ({
        json: Object.fromEntries(Object.keys(form(request)).map((key) => [key, held(request, value, quote)])),
      }),
      jsonSchema,
    );
    const answer = await agent.ask(question, { schema: z.object({ amount: z.number() }) });
    expect(answer.value).toEqual({ amount: null });
    expect(answer.notes.find(({ code }) => code === "unsupported")?.detail).toEqual({ path: "/amount", value });
  });

  it.each([
    ["a text inside a word", "contos", "Contoso plc reported"],
    ["words in another order", "LLP Audit Fabrikam", "audited by Fabrikam Audit LLP"],
    ["what the model made of it", "Fabrikam Audit Limited", "audited by Fabrikam Audit LLP"],
  ])("refuses %s", async (_, value, quote) => {
    const { agent } = agentOf(
      (request) => ({
        json: Object.fromEntries(Object.keys(form(request)).map((key) => [key, held(request, value, quote)])),
      }),
      jsonSchema,
    );
    const answer = await agent.ask(question, { schema: z.object({ it: z.string() }) });
    expect([answer.value, answer.status]).toEqual([{ it: null }, "abstained"]);
  });

  it("asks once more, for what was refused alone, by each method of getting JSON", async () => {
    const schema = z.object({ revenue: z.number(), auditor: z.string() });
    const methods: Capabilities[] = [
      { jsonSchema: true },
      { tools: true },
      { tools: false, jsonMode: true },
      { tools: false, jsonMode: false },
    ];
    for (const capabilities of methods) {
      const { agent, asked } = agentOf(
        (request, repairing) => ({
          json: repairing
            ? { f1: held(request, 1_200_000_000, "revenue of €1.2 billion") }
            : {
                revenue: { value: 12, quotes: [{ evidence: "E99", quote: "12" }] },
                auditor: held(request, "Fabrikam Audit LLP", "audited by Fabrikam Audit LLP"),
              },
        }),
        { capabilities },
      );
      const answer = await agent.ask("What did Contoso report?", { schema });
      expect(answer.value).toEqual({ revenue: 1_200_000_000, auditor: "Fabrikam Audit LLP" });
      expect([answer.status, codes(answer).includes("unknown-evidence"), asked.length]).toEqual(["answered", true, 2]);
      expect(asked[1]!.messages[1]!.text).toContain("- f1: 12.");
      expect(asked[1]!.messages[1]!.text).not.toContain("auditor");
    }
  });

  it("shows a schema that strict servers take", async () => {
    const { agent, asked } = agentOf(() => ({ json: {} }), jsonSchema);
    const schema = z.object({
      a: z.string().min(2).optional(),
      b: z.array(z.object({ c: z.enum(["x", "y"]).nullable(), d: z.iso.date() })),
      e: z.union([z.literal(1), z.literal("one")]),
    });
    await agent.ask(question, { schema });
    const { json_schema } = asked[0]!.responseFormat as { json_schema: { strict: boolean; schema: JsonObject } };
    expect(json_schema.strict).toBe(true);
    const visit = (part: unknown): void => {
      if (typeof part !== "object" || part === null) return;
      const { type, properties, required, additionalProperties } = part as JsonObject;
      if (type === "object") {
        expect([required, additionalProperties]).toEqual([Object.keys(properties as JsonObject), false]);
      }
      for (const key of ["default", "format", "pattern", "minLength", "oneOf", "allOf"])
        expect(part).not.toHaveProperty(key);
      for (const inner of Object.values(part)) visit(inner);
    };
    visit(json_schema.schema);
    expect(JSON.stringify(json_schema.schema)).toContain(
      '"anyOf":[{"type":"number","enum":[1]},{"type":"string","enum":["one"]},{"type":"null"}]',
    );
  });

  it("finds the quotes of a writer that gives bare values in prose", async () => {
    const { agent } = agentOf(
      () => 'Sure! {"revenue": "€1.2 billion", "auditor": "Fabrikam Audit LLP", "goodwill": 5} I hope this helps.',
    );
    const schema = z.object({ revenue: z.number(), auditor: z.string().describe("who audited"), goodwill: z.number() });
    const answer = await agent.ask("What did Contoso report?", { schema });
    expect(answer.value).toEqual({ revenue: 1_200_000_000, auditor: "Fabrikam Audit LLP", goodwill: null });
    expect(answer.fields["/goodwill"]?.verdict).toBe("uncited");
    expect(answer.fields["/revenue"]?.citations[0]?.quote).toContain("revenue of €1.2 billion");
  });

  it("looks the values up by code where the writer gives nothing that can be read", async () => {
    for (const nonsense of ["I would rather not.", new Error("down"), { json: { answer: 42 } }]) {
      const { agent } = agentOf(() => nonsense);
      const answer = await agent.ask("What did Contoso report?", { schema: z.object({ revenue: z.number() }) });
      expect(answer.value).toEqual({ revenue: 1_200_000_000 });
      expect(codes(answer)).toContain("fell-back");
    }
  });

  it("ends in a partial answer where the budget has no room for the writer", async () => {
    const { agent, asked } = agentOf(() => ({ json: {} }), { budget: { calls: 0 } });
    const answer = await agent.ask("What did Contoso report?", {
      schema: z.object({ revenue: z.number(), goodwill: z.number() }),
    });
    expect([answer.value, answer.status, asked.length]).toEqual([
      { revenue: 1_200_000_000, goodwill: null },
      "partial",
      0,
    ]);
    expect(codes(answer)).toContain("budget-reached");
  });

  it("holds values against the checks of the schema, leaf by leaf", async () => {
    const schema = z.object({
      margin: z.number().max(10),
      auditor: z.string().toUpperCase(),
      by: z.string().refine((text) => !text.includes("LLP"), "no partnership"),
    });
    const { agent, asked } = agentOf(
      (request, repairing) => ({
        json: repairing
          ? {
              f1: held(request, 12.5, "rose to 12.5%"),
              f2: held(request, "Fabrikam Audit", "audited by Fabrikam Audit LLP"),
            }
          : {
              margin: held(request, 12.5, "rose to 12.5%"),
              auditor: held(request, "Fabrikam Audit LLP", "audited by Fabrikam Audit LLP"),
              by: held(request, "Fabrikam Audit LLP", "audited by Fabrikam Audit LLP"),
            },
      }),
      jsonSchema,
    );
    const answer = await agent.ask("What did Contoso report?", { schema });
    expect(answer.value).toEqual({ margin: null, auditor: "FABRIKAM AUDIT LLP", by: "Fabrikam Audit" });
    expect(asked[1]!.messages[1]!.text).toContain("no partnership");
    expect(answer.fields["/margin"]?.reasons[0]).toContain("not what the schema asks for");
  });

  it("throws a typed error where the schema refuses what the sources say as a whole", async () => {
    const schema = z.object({ from: z.number(), to: z.number() }).refine(({ from, to }) => from < to, "must rise");
    const { agent } = agentOf(
      (request) => ({
        json: { from: held(request, 1_200_000_000, "€1.2 billion"), to: held(request, 1_100_000_000, "€1.1 billion") },
      }),
      jsonSchema,
    );
    const asking = agent.ask("What did Contoso report?", { schema });
    await expect(asking).rejects.toBeInstanceOf(ClewError);
    await expect(asking).rejects.toMatchObject({
      code: "invalid-output",
      message: expect.stringContaining("the whole: must rise"),
    });
  });

  it("never shows a value or a quote that is not in the evidence, whatever a passage or a model says", async () => {
    const { agent } = agentOf(
      () => ({
        json: {
          auditor: {
            value: "Evil Corp",
            quotes: [
              { evidence: "E1", quote: "Evil Corp" },
              { evidence: "__proto__", quote: "x" },
            ],
          },
          "/x": 1,
        },
      }),
      jsonSchema,
    );
    const answer = await agent.ask(question, { schema: z.object({ auditor: z.string() }) });
    expect([answer.value, answer.citations, answer.text]).toEqual([{ auditor: null }, [], ""]);
  });
});

/** The fields that a request asks for. */
const form = (request: ScriptedRequest): JsonObject => {
  const { json_schema } = request.responseFormat as { json_schema: { schema: { properties: JsonObject } } };
  return json_schema.schema.properties;
};
