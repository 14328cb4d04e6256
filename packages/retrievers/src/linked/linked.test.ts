import { ClewError, type Hit, type IndexView, scope } from "@clew/core";
import { hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hybrid } from "../hybrid.js";
import { lexical } from "../lexical.js";
import { linked } from "./linked.js";

const acme = scope("acme");

/** A question whose answer stands in a passage that shares no word with it. */
const question = "In which country was the place founded where Herman Boerhaave taught?";
const corpus = [
  { id: "boerhaave", title: "Herman Boerhaave", text: "Herman Boerhaave taught at Leiden University all his life." },
  { id: "leiden", title: "Leiden University", text: "It began in 1575, in Holland." },
  { id: "country", title: "Countries", text: "In which country one was founded is a question of the country." },
  { id: "taught", title: "Teachers", text: "The teacher taught. What was taught was taught." },
  { id: "bread", title: "Bread", text: "Bread rises in the oven." },
];

async function viewOf(
  sources: Parameters<typeof sourceInputs>[0],
  { embedder = undefined as ReturnType<typeof hashEmbedder> | undefined, as = acme } = {},
): Promise<IndexView> {
  const index = referenceIndex({ embedder });
  await index.sync(scope("acme"), sourceInputs(sources));
  return index.in(as);
}

const sourcesOf = (hits: readonly Hit[]): string[] => hits.map(({ passage }) => passage.source);

describe("linked", () => {
  it("finds over a link what no leg finds, and shows the path with the words that made it", async () => {
    const view = await viewOf(corpus);
    expect(sourcesOf((await lexical(view).search(question)).hits)).not.toContain("leiden");
    const { hits } = await linked(view).search(question, { k: 2 });
    expect(sourcesOf(hits)).toEqual(["boerhaave", "leiden"]);
    const [from, to] = hits.map(({ passage }) => passage.id);
    expect(hits[1]!.explain).toMatchObject({
      kind: "linked",
      path: [{ from, to, kind: "title", words: "Leiden University" }],
      features: { walk: expect.any(Number), coverage: expect.any(Number), open: expect.any(Number), gate: 1 },
    });
    expect(hits[0]!.explain).toMatchObject({ kind: "linked", path: [], before: { kind: "fused" } });
  });

  it("works the same with an embedder, and reports what embedding cost once", async () => {
    const embedder = hashEmbedder();
    const view = await viewOf(corpus, { embedder });
    embedder.reset();
    expect(sourcesOf((await linked(view).search(question, { k: 2 })).hits)).toContain("leiden");
    expect(embedder.queries).toEqual([question]);
  });

  it("does not walk through what the asker may not see, nor through what a filter leaves out", async () => {
    const bridge = [
      { id: "ada", title: "Ada", text: "Ada lived in the house of Byron Hall.", metadata: { year: 1 } },
      {
        id: "hall",
        title: "Byron Hall",
        text: "The manor belongs to Nottingham Priory.",
        access: ["amy"],
        metadata: { year: 2 },
      },
      { id: "priory", title: "Nottingham Priory", text: "Monks made cheese.", metadata: { year: 1 } },
      { id: "other", title: "Houses", text: "Lived in a house, a house, a house.", metadata: { year: 1 } },
    ];
    const asked = "Who lived in the house of Ada?";
    const seen = async (as: typeof acme, filter?: { year: number }): Promise<string[]> =>
      sourcesOf((await linked(await viewOf(bridge, { as })).search(asked, { k: 10, filter })).hits);
    expect(await seen(scope("acme", { principals: ["amy"] }))).toEqual(
      expect.arrayContaining(["ada", "hall", "priory"]),
    );
    for (const found of [
      await seen(scope("acme", { principals: ["bob"] })),
      await seen(scope("acme", { principals: ["amy"] }), { year: 1 }),
    ]) {
      expect(found).toContain("ada");
      expect(found).not.toContain("hall");
      expect(found).not.toContain("priory");
    }
  });

  it("is the first stage where no link concerns the question", async () => {
    const embedder = hashEmbedder();
    const view = await viewOf(["red fox", "red dog", "blue dog", "green fox"], { embedder });
    expect(await linked(view).search("red fox", { k: 4 })).toEqual(await hybrid(view).search("red fox", { k: 4 }));
  });

  it("D7: ranks alike on every run and in every order in which sources came", async () => {
    const expected = (await linked(await viewOf(corpus)).search(question)).hits.map(({ passage, score }) => [
      passage.source,
      score,
    ]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(corpus, { minLength: corpus.length }), async (sources) => {
        const { hits } = await linked(await viewOf(sources)).search(question);
        expect(hits.map(({ passage, score }) => [passage.source, score])).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it("mixes in the first stage's ranks by its share", async () => {
    const view = await viewOf(corpus);
    const { hits } = await linked(view, { blend: 0.9 }).search(question, { k: 5 });
    const plain = await linked(view).search(question, { k: 5 });
    expect(sourcesOf(hits)).not.toEqual(sourcesOf(plain.hits));
    expect(hits[0]!.explain).toMatchObject({ kind: "fused", parts: [{ name: "linked" }, { name: "first stage" }] });
    const first = sourcesOf((await lexical(view).search(question)).hits).indexOf("boerhaave") + 1;
    const both = hits.find(({ passage }) => passage.source === "boerhaave")!;
    // by hand: rank 1 of the linked ones
    expect(both.score).toBeCloseTo(0.1 / (2 + 1) + 0.9 / (2 + first), 12);
  });

  it("needs a link leg, and a share below 1", async () => {
    const view = await viewOf(corpus);
    const without = { ...view, capabilities: { ...view.capabilities, links: false } };
    expect(() => linked(without)).toThrow(expect.objectContaining({ code: "leg-missing" }) as ClewError);
    expect(() => linked(view, { blend: 1 })).toThrow(ClewError);
  });
});
