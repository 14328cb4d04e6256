import { aCall, aHit, testReranker } from "@clew/core/testing";
import { analyzer } from "@clew/core/text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passageTerms } from "./passage-terms.js";
import { proximityFeatures } from "./proximity-features.js";
import { proximityReranker } from "./proximity-reranker.js";
import { queryTerms } from "./query-terms.js";

const english = analyzer();
const features = (question: string, text: string, title = "", weights?: readonly number[]) => {
  const terms = queryTerms(question, english);
  const passage = passageTerms({ title, text }, terms, english);
  return proximityFeatures(terms, passage, weights ?? Array.from({ length: terms.numbers.size }, () => 1));
};

describe("proximityFeatures", () => {
  it("counts neighbours of the question by the square of their least distance", () => {
    // pairs: red-green, green-blue, red-blue; least distances 2, 1, 1: (1/4 + 1 + 1) / 3
    expect(features("red green blue", "red blue green").near).toBeCloseTo(0.75, 12);
    // weights 1, 2, 4: pairs weigh 1, 2, 1 and stand 1, -, - apart
    expect(features("red green blue", "green red", "", [1, 2, 4]).near).toBeCloseTo(1 / 4, 12);
    expect(features("red green blue", "red").near).toBe(0);
  });

  it("stop words between two terms count as the words that they are", () => {
    expect(features("founder of Leiden", "the founder of Leiden").near).toBeCloseTo(1 / 4, 12);
    expect(queryTerms("red of the green", english).pairs).toEqual([]);
  });

  it("takes the heaviest window of the text", () => {
    const far = "x ".repeat(30);
    expect(features("red green blue", `red ${far} green blue`, "", [3, 1, 1]).window).toBeCloseTo(3 / 5, 12);
    expect(features("red green blue", `red ${far} green blue`, "", [1, 3, 1]).window).toBeCloseTo(4 / 5, 12);
    expect(features("red green", "red x x x x x x x x x green").window).toBe(1);
    expect(features("red green", "red x x x x x x x x x x green").window).toBe(0.5);
  });

  it("takes the share of the title that the question names, and what it weighs there", () => {
    // 2 of 3 title terms; half of the question's 4 terms
    expect(features("red green blue yellow", "", "Red, green, white").title).toBeCloseTo((2 / 3) * 0.5, 12);
    expect(features("red", "", "Red").title).toBe(1);
    expect(features("red", "red", "").title).toBe(0);
  });

  it("is 0 throughout for a question without terms", () => {
    expect(features("of the", "of the", "Of the")).toEqual({ title: 0, near: 0, window: 0 });
  });

  it("stays in [0, 1], and a text repeated is no worse (property)", () => {
    const words = fc.array(fc.constantFrom("red", "green", "blue", "of", "x", "state-of-the-art", "state"), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(words, words, words, (question, text, title) => {
        const found = features(question.join(" "), text.join(" "), title.join(" "));
        const twice = features(question.join(" "), [...text, ...text].join(" "), title.join(" "));
        for (const name of ["title", "near", "window"] as const) {
          expect(found[name]).toBeGreaterThanOrEqual(0);
          expect(found[name]).toBeLessThanOrEqual(1 + 1e-12);
          expect(twice[name]).toBeGreaterThanOrEqual(found[name] - 1e-12);
        }
      }),
    );
  });
});

describe("proximityReranker", () => {
  testReranker({ make: () => proximityReranker() });

  it("adds to the score of the stage before", async () => {
    const hits = [
      aHit({ id: "a", text: "nothing of it", title: "", score: 3 }),
      aHit({ id: "b", text: "the red fox", title: "", score: 1 }),
    ];
    const weights = { title: 0, near: 1, window: 0 };
    // by hand: stretched 1 and 0; red-fox next to each other in b alone
    expect((await proximityReranker({ weights }).rerank("red fox", hits)).scores).toEqual([1, 1]);
    const none = await proximityReranker({ weights: { title: 0, near: 0, window: 0 } }).rerank("red fox", hits);
    expect(none.scores).toEqual([1, 0]);
  });

  it("a term that every hit holds decides nothing against one that few hold", async () => {
    const texts = ["red red red", "red green", "red x", "red y"];
    const hits = texts.map((text, index) => aHit({ id: `p${index}`, text, title: "", score: 1 }));
    const { scores } = await proximityReranker({ weights: { title: 0, near: 0, window: 1 } }).rerank("red green", hits);
    expect(scores[1]).toBeGreaterThan(scores[0]! + 0.5);
  });

  it("scores the head that it read before the deadline, with a note", async () => {
    let time = 0;
    const runtime = { ...aCall().runtime, now: () => (time += 1000) };
    const hits = ["red", "green", "blue"].map((text) => aHit({ id: text, text }));
    // start at 1 s, end at 3.5 s: looks at 2 s, 3 s, 4 s
    const result = await proximityReranker().rerank("red", hits, { deadlineMs: 2500, call: aCall({ runtime }) });
    expect(result.scores.map((score) => score !== undefined)).toEqual([true, true, false]);
    expect(result.notes).toMatchObject([{ code: "deadline-passed", detail: { scored: 2, of: 3 } }]);
  });

  it("stops between long passages when it is aborted", async () => {
    const controller = new AbortController();
    const hits = Array.from({ length: 20 }, (_, index) => aHit({ id: `p${index}`, text: "red ".repeat(15_000) }));
    const asked = proximityReranker().rerank("red", hits, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("gone")), 0);
    await expect(asked).rejects.toThrow("gone");
  });

  it.each([{ weights: { title: -1 } }, { weights: { near: Number.NaN } }, { weights: { typo: 1 } }, { analyser: 1 }])(
    "refuses %j",
    (options) => {
      expect(() => proximityReranker(options as never)).toThrowError(
        expect.objectContaining({ code: "invalid-option" }),
      );
    },
  );
});
