import { type Answer, ClewError, openTrace, type Policy, scope } from "@clew/core";
import { fixedRuntime, scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../agent-event.js";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { type ShelfText, shelf } from "../test/shelf.js";
import type { SourceOptions } from "./sources.js";

const filed: readonly ShelfText[] = [
  { id: "1", title: "Acme 10-K", text: "Acme reported revenue of $1.2 billion in 2022." },
  { id: "2", title: "Acme founders", text: "Acme was founded by Wile Coyote." },
];
const told: readonly ShelfText[] = [
  { id: "1", title: "Ticket 17", text: "A customer says that the rocket skates of Acme have a broken strap." },
  { id: "3", title: "Ticket 18", text: "Wile Coyote asked for a refund of the anvil." },
];
const about = {
  filings: "Annual reports of companies: revenue, income, risks.",
  tickets: "Support tickets of customers: complaints, broken goods, refunds.",
};
type Sources = Record<string, SourceOptions>;
const sourcesOf = (changes: Partial<Sources> = {}): Sources => ({
  filings: { retriever: shelf("filings", filed), about: about.filings },
  tickets: { retriever: shelf("tickets", told), about: about.tickets },
  ...(changes as Sources),
});
const asked = ({ hops }: Answer): unknown[] => hops.map(({ hop, source }) => [hop, source]);
const codes = ({ notes }: Answer): string[] => notes.map(({ code }) => code);
const withPolicy = (changes: Partial<Policy>): Policy => ({ ...extractivePolicy(), ...changes });

describe("sources with the extractive policy", () => {
  it("looks where the words say", async () => {
    const agent = createRetrievalAgent({ sources: sourcesOf(), budget: { hops: 1 } });
    const revenue = await agent.ask("What revenue did Acme report in 2022?");
    expect(asked(revenue)).toEqual([[1, "filings"]]);
    expect(revenue.text).toContain("$1.2 billion");
    const strap = await agent.ask("What does a customer say of broken rocket skates?");
    expect(asked(strap)).toEqual([[1, "tickets"]]);
    expect(strap.text).toContain("broken strap");
  });

  it("looks everywhere when nothing tells, and keeps passages of one id apart", async () => {
    const answer = await createRetrievalAgent({ sources: sourcesOf(), budget: { hops: 1 } }).ask("What of Acme?");
    expect(asked(answer)).toEqual([
      [1, "filings"],
      [1, "tickets"],
    ]);
    const seen = answer.evidence.map(({ id, passage }) => [id, passage.id, passage.source]);
    expect(seen).toEqual([
      ["E1", "1", "filings/1"],
      ["E2", "2", "filings/2"],
      ["E3", "tickets:1", "tickets/1"],
    ]);
    for (const { evidence, quote, source, span } of answer.citations) {
      const { passage } = answer.evidence.find(({ id }) => id === evidence)!;
      expect([passage.source, passage.text.slice(...span)]).toEqual([source, quote]);
    }
  });

  it("keeps a passage that two sources share once", async () => {
    const twice = { ...sourcesOf(), again: { retriever: shelf("filings", filed), about: "A copy." } };
    const answer = await createRetrievalAgent({ sources: twice, budget: { hops: 1 } }).ask("What of Acme?");
    const texts = answer.evidence.map(({ passage }) => passage.text);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("looks in the others before it gives up", async () => {
    const agent = createRetrievalAgent({ sources: sourcesOf(), policy: extractivePolicy({ minCoverage: 0.6 }) });
    // "refunds" belongs to the tickets, "founders" stand in the filings
    const answer = await agent.ask("Do refunds name who founded Acme?");
    expect(asked(answer)[0]).toEqual([1, "tickets"]);
    expect(answer.hops.some(({ source }) => source === "filings")).toBe(true);
    expect(answer.text).toContain("founded by Wile Coyote");
  });

  it("names the source in events and trace", async () => {
    const events: AgentEvent[] = [];
    const agent = createRetrievalAgent({ sources: sourcesOf(), budget: { hops: 1 } });
    for await (const event of agent.stream("What revenue did Acme report?")) events.push(event);
    const named = events.filter(({ type }) => type === "query" || type === "hits");
    expect(named.map((event) => "source" in event && event.source)).toEqual(["filings", "filings"]);
    const done = events.at(-1);
    const trace = done?.type === "done" ? openTrace(done.answer.trace) : [];
    const looked = trace.filter(({ kind }) => kind === "query" || kind === "hits");
    expect(looked.map(({ data }) => (data as { source: string }).source)).toEqual(["filings", "filings"]);
  });

  it("goes on without a source that fails, with a note that names it", async () => {
    const broken = () => {
      throw new Error("the desk is closed");
    };
    const sources = sourcesOf({
      tickets: { retriever: shelf("tickets", told, { before: broken }), about: about.tickets },
    });
    const answer = await createRetrievalAgent({ sources, budget: { hops: 1 } }).ask("Who founded Acme?");
    expect(answer.text).toContain("Wile Coyote");
    const failed = answer.notes.find(({ code }) => code === "sub-question-failed");
    expect(failed?.message).toContain("in tickets failed: the desk is closed");
    expect(failed?.detail).toMatchObject({ source: "tickets" });
  });

  it("does not ask a source that refuses the filter without it", async () => {
    const seen: unknown[] = [];
    const filings = shelf("filings", filed, { metadata: { year: 2022 } });
    const search = filings.search.bind(filings);
    filings.search = (query, options) => {
      seen.push(options?.filter);
      return search(query, options);
    };
    const tickets = shelf("tickets", told);
    tickets.search = async (_, options) => {
      throw new ClewError("invalid-filter", `tickets have no ${Object.keys(options?.filter ?? {})}`);
    };
    const sources = sourcesOf({
      filings: { retriever: filings, about: about.filings },
      tickets: { retriever: tickets, about: about.tickets },
    });
    const agent = createRetrievalAgent({ sources, budget: { hops: 1 } });
    const answer = await agent.ask("Who founded Acme?", { filter: { year: 2022 } });
    expect(seen).toEqual([{ year: 2022 }]);
    expect(answer.notes.find(({ code }) => code === "sub-question-failed")?.message).toContain("tickets have no year");
    expect(answer.status).toBe("answered");
  });

  it("gives the same answer to the same question", async () => {
    const ask = () => createRetrievalAgent({ sources: sourcesOf(), runtime: fixedRuntime() }).ask("Who founded Acme?");
    expect(await ask()).toEqual(await ask());
  });

  it("gives live sources the scope of the others", async () => {
    const live = shelf("web", told, { scope: undefined });
    const seen: unknown[] = [];
    const search = live.search.bind(live);
    live.search = (query, options) => {
      seen.push(options?.call?.scope.tenant);
      return search(query, options);
    };
    const sources = sourcesOf({ web: { retriever: live, about: "The web." } });
    await createRetrievalAgent({ sources, budget: { hops: 1 } }).ask("Who founded Acme?");
    expect(seen).toEqual(["acme"]);
  });
});

describe("sources with any policy", () => {
  it("asks everywhere where a plan or a next query names a source that does not exist", async () => {
    const policy = withPolicy({
      plan: async ({ question }) => ({
        subQuestions: [{ id: "q1", question, dependsOn: [], source: "__proto__" }],
      }),
      grade: async ({ hops }) => [
        {
          subQuestion: "q1",
          kind: "missing",
          missing: "more",
          ...(hops.length > 2 ? {} : { next: { query: "the anvil of Coyote", why: "more", source: "cellar" } }),
        },
      ],
    });
    const answer = await createRetrievalAgent({ sources: sourcesOf(), policy }).ask("Who founded Acme?");
    expect(asked(answer)).toEqual([
      [1, "filings"],
      [1, "tickets"],
      [2, "filings"],
      [2, "tickets"],
    ]);
    const repaired = answer.notes.filter(({ code }) => code === "repaired").map(({ message }) => message);
    expect(repaired[0]).toContain('no source "__proto__"');
    expect(repaired[1]).toContain('no source "cellar"');
  });

  it("makes a query again in another source, and in the same one never", async () => {
    const query = "Who founded Acme?";
    const policy = withPolicy({
      plan: async () => ({ subQuestions: [{ id: "q1", question: query, dependsOn: [], source: "tickets" }] }),
      grade: async ({ hops }) => [
        {
          subQuestion: "q1",
          kind: "missing",
          missing: "the founder",
          next: { query, why: "elsewhere", source: hops.length === 1 ? "filings" : "tickets" },
        },
      ],
    });
    const answer = await createRetrievalAgent({ sources: sourcesOf(), policy }).ask(query);
    expect(asked(answer)).toEqual([
      [1, "tickets"],
      [2, "filings"],
    ]);
    expect(answer.notes.map(({ detail }) => detail?.reason)).toContain("repeated-query");
  });
});

describe("sources with a model", () => {
  const plan = (source: string | null) => ({
    subQuestions: [{ id: "a", question: "What broke at Acme?", dependsOn: [], source }],
  });
  const missing = (source: string | null) => ({
    grades: [
      { id: "q1", answered: false, evidence: [], answer: null, missing: "straps", query: "rocket skates", source },
    ],
  });
  const models = (planned: unknown, graded: unknown, prompts: string[] = []) =>
    scriptedModel({
      answers: ({ messages }) => {
        const system = messages[0]!.text;
        prompts.push(messages.map(({ text }) => text).join("\n"));
        if (system.startsWith("You decide"))
          return { json: { kind: "retrieve", question: null, text: null, why: "facts" } };
        if (system.startsWith("You plan")) return { json: planned };
        if (system.startsWith("You check how far")) return { json: graded };
        return "NOT COVERED";
      },
    });

  it("looks where planner and grader say, and the grader's silence means where it was", async () => {
    const ask = (next: string | null) =>
      createRetrievalAgent({
        sources: sourcesOf(),
        models: models(plan("filings"), missing(next)),
        budget: { hops: 2 },
      }).ask("What broke?");
    expect(asked(await ask("tickets"))).toEqual([
      [1, "filings"],
      [2, "tickets"],
    ]);
    expect(asked(await ask(null))).toEqual([
      [1, "filings"],
      [2, "filings"],
    ]);
  });

  it("shows the sources to both, and takes no other name", async () => {
    const prompts: string[] = [];
    const answer = await createRetrievalAgent({
      sources: sourcesOf(),
      models: models(plan("cellar"), missing(null), prompts),
      budget: { hops: 1 },
    }).ask("What broke at Acme?");
    expect(codes(answer)).toContain("fell-back");
    expect(answer.hops.every(({ source }) => source === "filings" || source === "tickets")).toBe(true);
    for (const role of ["You plan", "You check how far"]) {
      const prompt = prompts.find((one) => one.startsWith(role))!;
      expect(prompt).toContain(`tickets: ${about.tickets}`);
      expect(prompt).toContain('a "source"');
    }
  });
});

describe("sources are refused", () => {
  const retriever = shelf("filings", filed);
  const good = { retriever, about: "Reports." };
  it.each<[string, object]>([
    ["beside a retriever", { retriever, sources: { filings: good } }],
    ["when there are none", { sources: {} }],
    ["as a list", { sources: [good] }],
    ["under a name that is no name", { sources: { "the filings": good } }],
    ["under a number", { sources: { 7: good } }],
    ["without a description", { sources: { filings: { retriever } } }],
    ["with an empty description", { sources: { filings: { retriever, about: " " } } }],
    ["without a retriever", { sources: { filings: { about: "Reports." } } }],
    ["with an unknown key", { sources: { filings: { ...good, weight: 2 } } }],
    [
      "when they are of two scopes",
      { sources: { a: good, b: { ...good, retriever: shelf("b", told, { scope: scope("rival") }) } } },
    ],
    [
      "when all are live and nobody says who asks",
      { sources: { web: { ...good, retriever: shelf("web", told, { scope: undefined }) } } },
    ],
    ["when another asks", { sources: { filings: good }, scope: scope("rival") }],
    ["when there is nothing at all", {}],
  ])("%s", (_, options) => {
    expect(() => createRetrievalAgent(options as never)).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
