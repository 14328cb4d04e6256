import { ClewError, noUsage, Retriever, type SearchResult, scope } from "@clew/core";
import { aHit } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, myths } from "../test/myths.js";

/** A retriever that nothing checks: not one of `defineRetriever`'s. */
class Raw extends Retriever {
  readonly kind = "raw";
  readonly scope = scope("acme");
  constructor(private readonly answer: () => unknown) {
    super();
  }
  static override lc_name(): string {
    return "Raw";
  }
  override async invoke(): Promise<never[]> {
    return [];
  }
  override async search(): Promise<SearchResult> {
    return this.answer() as Promise<SearchResult>;
  }
}

const hit = aHit({ id: "labyrinth", text: "The Labyrinth was built by Daedalus.", score: 1 });
const result = (fields: object): object => ({ hits: [hit], notes: [], usage: noUsage, generation: 1, ...fields });
const never = (): Promise<never> => new Promise(() => undefined);

const garbage: readonly (readonly [string, () => unknown])[] = [
  ["throws", () => Promise.reject(new Error("Bearer abcdefghijklmnop refused"))],
  ["throws what is no error", () => Promise.reject("no")],
  [
    "throws at once",
    () => {
      throw new ClewError("embedder-failed", "The embedder failed.");
    },
  ],
  ["returns nothing", () => undefined],
  ["returns a text", () => "hits"],
  ["returns a list", () => [hit]],
  ["returns no notes", () => result({ notes: undefined })],
  ["returns a hit without a passage", () => result({ hits: [{ score: 1 }] })],
  ["returns a passage without a text", () => result({ hits: [{ ...hit, passage: { ...hit.passage, text: 7 } }] })],
  ["returns the score NaN", () => result({ hits: [{ ...hit, score: Number.NaN }] })],
  ["returns no usage", () => result({ usage: undefined })],
  ["returns a usage below nothing", () => result({ usage: { ...noUsage, calls: -3 } })],
  ["returns the usage NaN", () => result({ usage: { ...noUsage, usd: Number.NaN } })],
];

describe("a retriever that misbehaves", () => {
  it.each(garbage)("%s: an abstention that says so", async (_, answer) => {
    const { status, notes, usage, citations } = await createRetrievalAgent({ retriever: new Raw(answer) }).ask(
      chainQuestion,
    );
    expect([status, citations]).toEqual(["abstained", []]);
    expect(notes.map(({ code }) => code)).toContain("sub-question-failed");
    expect(Object.values(usage).every((spent) => spent >= 0)).toBe(true);
    expect(JSON.stringify(notes)).not.toContain("abcdefghijklmnop");
  });

  it.each([{ budget: { ms: 1500 } }, { timeoutMs: 1500 }])("hangs: it is given up by %j", async (options) => {
    const { status, notes } = await createRetrievalAgent({ retriever: new Raw(never), ...options }).ask(chainQuestion);
    expect(status).toBe("abstained");
    expect(notes).toContainEqual(
      expect.objectContaining({ code: "sub-question-failed", message: expect.stringContaining("deadline") }),
    );
  });

  it("finds what the filter does not let pass: it is no evidence", async () => {
    const foreign = { ...hit, passage: { ...hit.passage, id: "foreign", metadata: { team: "b" } } };
    const own = { ...hit, passage: { ...hit.passage, metadata: { team: "a" } } };
    const agent = createRetrievalAgent({ retriever: new Raw(() => result({ hits: [foreign, own] })) });
    const { evidence, notes } = await agent.ask(chainQuestion, { filter: { team: "a" } });
    expect(evidence.map(({ passage }) => passage.id)).toEqual([hit.passage.id]);
    expect(notes).toContainEqual(expect.objectContaining({ code: "filtered", detail: { dropped: 1 } }));
  });

  it("fails for one sub-question: the others go on", async () => {
    let searches = 0;
    const retriever = myths({
      before: () => {
        searches += 1;
        if (searches === 1) throw new Error("the first search fails");
      },
    });
    const policy = {
      ...(await import("../extractive/extractive-policy.js")).extractivePolicy(),
      plan: async () => ({
        subQuestions: [
          { id: "q1", question: "Who was Icarus?", dependsOn: [] },
          { id: "q2", question: "Who built the Labyrinth?", dependsOn: [] },
        ],
      }),
    };
    const { notes, citations } = await createRetrievalAgent({ retriever, policy }).ask(
      "Who built the Labyrinth, and who was Icarus?",
    );
    expect(notes.map(({ code }) => code)).toContain("sub-question-failed");
    expect(citations.length).toBeGreaterThan(0);
  });
});
