import { passageId } from "@clew/core";
import { aHit } from "@clew/core/testing";
import { analyzer } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { feedback } from "./feedback.js";
import { feedbackTerms } from "./feedback-terms.js";

const english = analyzer();
const found = (texts: readonly string[]) =>
  texts.map((text, index) => aHit({ id: passageId(`p${index}`), text, score: texts.length - index }));

describe("feedback", () => {
  it("weighs the words of the best hits by their share and by how few others hold them", async () => {
    // by hand, titles empty: scores 4, 3 of 7; "bread" in both best (2 and 1 of 2 words), "oven" in one, "yeast" in both
    const hits = found(["bread yeast bread rises", "yeast bread", "yeast dries", "stones"]);
    const terms = await feedbackTerms({ query: "baking", hits, passages: 2, terms: 5, analyzer: english });
    // df: bread 2 of 4, yeast 3 of 4
    const bread = ((4 / 7) * 2) / 4 + ((3 / 7) * 1) / 2;
    const yeast = ((4 / 7) * 1) / 4 + ((3 / 7) * 1) / 2;
    expect(terms.map(({ word }) => word)).toEqual(["bread", "yeast"]);
    expect(terms[0]!.weight).toBeCloseTo(bread * Math.log(5 / 2.5), 12);
    expect(terms[1]!.weight).toBeCloseTo(yeast * Math.log(5 / 3.5), 12);
  });

  it("adds none of the query's own words, in whatever form", async () => {
    const hits = found(["threads lead out", "a thread leads out", "walls"]);
    const terms = await feedbackTerms({ query: "Thread?", hits, passages: 2, terms: 5, analyzer: english });
    expect(terms.map(({ term }) => term)).toEqual(["lead", "out"]);
  });

  it("says so where there is nothing to add", async () => {
    const nothing = {
      hits: [],
      notes: [],
      usage: { inputTokens: 0, outputTokens: 0, calls: 0, usd: 0 },
      generation: 1,
    };
    const made = await feedback().expand("thread", { found: async () => nothing, scope: undefined });
    expect(made).toMatchObject({ queries: [], notes: [{ code: "fell-back" }] });
  });

  it("is the same for any order of equal weights, and never more than asked for", async () => {
    const words = fc.array(fc.constantFrom("ox", "bull", "maze", "thread", "sword", "sail", "king"), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 6 }), fc.integer({ min: 1, max: 4 }), async (texts, terms) => {
        const hits = found(texts.map((text) => text.join(" ")));
        const once = await feedbackTerms({ query: "king", hits, passages: 3, terms, analyzer: english });
        expect(once.length).toBeLessThanOrEqual(terms);
        expect(once.every(({ term, weight }) => term !== "king" && weight > 0 && Number.isFinite(weight))).toBe(true);
        expect(await feedbackTerms({ query: "king", hits, passages: 3, terms, analyzer: english })).toEqual(once);
      }),
    );
  });
});
