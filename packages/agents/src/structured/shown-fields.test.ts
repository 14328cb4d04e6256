import { scriptedModel } from "@clew/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod/v4";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { llmPolicy } from "../llm/llm-policy.js";
import { filings } from "../test/filings.js";

const schema = z.object({
  revenue: z.number(),
  auditor: z.string().nullable(),
  filed: z.iso.date().optional(),
  audited: z.boolean(),
  lines: z.array(z.object({ name: z.string(), of: z.enum(["USD", "EUR"]) })),
});

/** What a model may put in place of anything. */
const value = fc.oneof(
  fc.constantFrom(
    1.2e9,
    12.5,
    "Fabrikam Audit LLP",
    "Evil Corp",
    "EUR",
    "2023-11-03",
    true,
    null,
    "null",
    "",
    "1.2 billion",
    -0,
    1e308,
  ),
  fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<unknown>,
);
const quotes = fc.array(
  fc.record({
    evidence: fc.constantFrom("E1", "E2", "E3", "[E1]", "E99", "__proto__", ""),
    quote: fc.constantFrom("audited by Fabrikam Audit LLP", "revenue of €1.2 billion", "Evil Corp", "E", "\ud800", ""),
  }),
  { maxLength: 3 },
);
const leaf = fc.oneof(fc.record({ value, quotes }), fc.record({ value, quotes: value }), value);
const draft = fc.record(
  {
    revenue: leaf,
    auditor: leaf,
    filed: leaf,
    audited: leaf,
    lines: fc.oneof(fc.array(fc.oneof(fc.record({ name: leaf, of: leaf }), value), { maxLength: 4 }), value),
    __proto__: value,
    f1: leaf,
    f2: leaf,
  },
  { requiredKeys: [] },
);

it("never shows a value without a quote that stands in the evidence, whatever a model answers", async () => {
  const retriever = filings();
  let shown = 0;
  let empty = 0;
  await fc.assert(
    fc.asyncProperty(draft, draft, async (first, second) => {
      const model = scriptedModel({
        answers: ({ index }) => ({ content: JSON.stringify(index === 0 ? first : second) }),
      });
      const { extract } = llmPolicy({ models: model, capabilities: { tools: false, jsonMode: true } });
      const policy = { ...extractivePolicy(), id: "test", extract: extract! };
      const agent = createRetrievalAgent({ retriever, policy, budget: { hops: 1 } });
      const texts = new Map<string, string>();
      const seen = new Map<string, unknown>();
      for await (const event of agent.stream("What did Contoso report?", { schema })) {
        if (event.type === "evidence") texts.set(event.evidence.id, event.evidence.passage.text);
        if (event.type === "field") {
          const { field, path } = event;
          expect(seen.has(path)).toBe(false);
          seen.set(path, field);
          if (field.value === null) empty += 1;
          else shown += 1;
          expect(field.citations.length > 0).toBe(field.value !== null);
          expect(["supported", "conflicting"].includes(field.verdict)).toBe(field.value !== null);
          for (const { evidence, quote, span } of field.citations)
            expect(texts.get(evidence)!.slice(...span)).toBe(quote);
        }
        if (event.type === "done") {
          expect(Object.entries(event.answer.fields)).toEqual([...seen]);
          expect(JSON.stringify(event.answer.value)).not.toContain("Evil");
          if (event.answer.valid) expect(schema.parse(event.answer.value)).toEqual(event.answer.value);
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(Math.min(shown, empty)).toBeGreaterThan(0);
});
