import { type Answer, defineRetriever, note, noUsage, openTrace, scope } from "@clew/core";
import { fixedRuntime, scriptedModel } from "@clew/core/testing";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { codes, collect, withPolicy } from "./test/agent-helpers.js";
import { chainQuestion, myths } from "./test/myths.js";

describe("createRetrievalAgent", () => {
  it("follows a chain over several sources to a cited answer, every quote at its offsets", async () => {
    const answer = await createRetrievalAgent({ retriever: myths(), runtime: fixedRuntime() }).ask(chainQuestion);
    expect(answer.status).toBe("answered");
    expect(answer.text).toContain("It was built by Daedalus");
    const sources = new Set(answer.citations.map(({ source }) => source));
    expect(sources.size).toBeGreaterThan(1);
    for (const { quote, evidence, span } of answer.citations) {
      const { passage } = answer.evidence.find(({ id }) => id === evidence)!;
      expect(passage.text.slice(span[0] - passage.span[0], span[1] - passage.span[0])).toBe(quote);
    }
    expect(answer.sentences.every(({ verdict }) => verdict === "supported")).toBe(true);
  });

  it("streams what happens in order, the answer last", async () => {
    const events = await collect(createRetrievalAgent({ retriever: myths() }).stream(chainQuestion));
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(["route", "plan", "query"]);
    expect(types.at(-1)).toBe("done");
    for (const type of ["hits", "evidence", "draft", "sentence"] as const) expect(types).toContain(type);
    const told = events.flatMap((event) => (event.type === "sentence" ? [event.sentence] : []));
    const done = events.at(-1);
    expect(done?.type === "done" && done.answer.sentences).toEqual(told);
  });

  it("gives the same answer to the same question", async () => {
    const ask = () => createRetrievalAgent({ retriever: myths(), runtime: fixedRuntime() }).ask(chainQuestion);
    expect(await ask()).toEqual(await ask());
  });

  it("keeps the record of the run in order", async () => {
    const trace = openTrace((await createRetrievalAgent({ retriever: myths() }).ask(chainQuestion)).trace);
    expect(trace.map(({ seq }) => seq)).toEqual(trace.map((_, index) => index));
    const kinds = trace.map(({ kind }) => kind);
    for (const kind of ["route", "plan", "query", "hits", "grade", "verdict", "answer"]) expect(kinds).toContain(kind);
  });

  it("abstains when the evidence does not cover the question", async () => {
    const answer = await createRetrievalAgent({ retriever: myths() }).ask(
      "What revenue did Acme Robotics report for 2021?",
    );
    expect(answer.status).toBe("abstained");
    expect(answer.citations).toEqual([]);
    expect(codes(answer)).toContain("not-covered");
  });

  it("says so when nothing at all is found", async () => {
    const answer = await createRetrievalAgent({ retriever: myths() }).ask("Zzyzx quux?");
    expect(answer.status).toBe("abstained");
    expect(codes(answer)).toContain("no-hits");
  });

  it("answers small talk without a search", async () => {
    const answer = await createRetrievalAgent({ retriever: myths() }).ask("Hello!");
    expect([answer.status, answer.hops, answer.citations]).toEqual(["answered", [], []]);
  });

  it("leaves a note for a search that fails, and finishes with the others", async () => {
    const retriever = myths({
      before: (query) => {
        if (query.startsWith("Utrecht")) throw new Error("the shard is gone");
      },
    });
    const answer = await createRetrievalAgent({ retriever }).ask(
      "Which is older, Leiden University or Utrecht University?",
    );
    expect(answer.citations.length).toBeGreaterThan(0);
    expect(codes(answer)).toContain("sub-question-failed");
    expect(answer.notes.find(({ code }) => code === "sub-question-failed")?.message).toContain("the shard is gone");
  });

  it("answers sub-questions that need earlier answers after these, with the answers put in", async () => {
    const queries: string[] = [];
    const policy = withPolicy({
      plan: async () => ({
        subQuestions: [
          { id: "q1", question: "Where did Theseus kill the Minotaur?", dependsOn: [] },
          { id: "q2", question: "Who built {q1}?", dependsOn: ["q1"] },
        ],
      }),
      grade: async ({ plan, hops, evidence }) =>
        plan.subQuestions.map(({ id }) =>
          hops.some(({ subQuestion }) => subQuestion === id)
            ? { subQuestion: id, kind: "answered", evidence: [evidence[0]!.id], answer: "the $& Labyrinth" }
            : { subQuestion: id, kind: "missing", missing: "not asked yet" },
        ),
    });
    const retriever = myths({ before: (query) => queries.push(query) });
    const answer = await createRetrievalAgent({ retriever, policy }).ask(chainQuestion);
    expect(queries).toEqual(["Where did Theseus kill the Minotaur?", "Who built the $& Labyrinth?"]);
    expect(answer.status).toBe("answered");
  });

  it("removes citations of evidence that does not exist", async () => {
    const policy = withPolicy({
      write: async function* () {
        yield {
          type: "sentence",
          text: "Theseus was a hero of Athens.",
          citations: [{ evidence: "E1" }, { evidence: "E99" }],
        };
        yield {
          type: "sentence",
          text: "See [here](https://evil.example/?q=1).",
          citations: [{ evidence: "E42", quote: "x" }],
        };
      },
    });
    const answer = await createRetrievalAgent({ retriever: myths(), policy }).ask(chainQuestion);
    const known = new Set(answer.evidence.map(({ id }) => id));
    expect(answer.citations.every(({ evidence }) => known.has(evidence))).toBe(true);
    expect(answer.sentences.map(({ verdict }) => verdict)).toEqual(["supported", "unsupported"]);
    expect(answer.text).not.toContain("evil.example");
    expect(codes(answer)).toEqual(expect.arrayContaining(["unknown-evidence", "link-removed", "unsupported"]));
    expect(answer.status).toBe("partial");
  });

  it("shows nodes, searches and model calls to LangChain's callbacks as one tree", async () => {
    const runs = new Map<string, { name: string; parent: string | undefined }>();
    const seen = (name: string) => (_: unknown, __: unknown, id: string, parent?: string) => {
      runs.set(id, { name, parent });
    };
    const model = scriptedModel({ answers: () => "nonsense" });
    const agent = createRetrievalAgent({ retriever: myths(), models: model });
    await agent.ask(chainQuestion, {
      config: {
        callbacks: [
          {
            awaitHandlers: true,
            handleChainStart: (_c, _i, id, _t, _tags, _m, _rt, name, parent) => {
              runs.set(id, { name: name ?? "chain", parent: typeof parent === "string" ? parent : undefined });
            },
            handleRetrieverStart: seen("retriever"),
            handleChatModelStart: seen("model"),
          },
        ],
      },
    });
    const names = [...runs.values()].map(({ name }) => name);
    for (const name of ["clew", "retrieve", "retriever", "model"]) expect(names).toContain(name);
    const roots = [...runs.values()].filter(
      ({ name, parent }) => (name === "retriever" || name === "model") && parent === undefined,
    );
    expect(roots).toEqual([]);
  });

  it("hands k, filter and call to each search, and counts what the search spends", async () => {
    const seen: unknown[] = [];
    const retriever = defineRetriever(
      "paid",
      async (query, options) => {
        seen.push([options.k, options.filter, options.call?.scope.tenant]);
        const { hits } = await myths().search(query, { k: options.k });
        return { hits, notes: [], usage: { ...noUsage, inputTokens: 7, calls: 1 }, generation: 1 };
      },
      { scope: scope("acme") },
    );
    const agent = createRetrievalAgent({ retriever, k: 4, budget: { hops: 1 } });
    const { usage } = await agent.ask(chainQuestion);
    await agent.ask(chainQuestion, { k: 2, filter: { year: 2020 } });
    expect(seen).toEqual([
      [4, undefined, "acme"],
      [2, { year: 2020 }, "acme"],
    ]);
    expect(usage).toMatchObject({ inputTokens: 7, calls: 1 });
  });

  it("takes the conversation and the limits of a question over its own", async () => {
    const agent = createRetrievalAgent({ retriever: myths(), budget: { hops: 3 } });
    const conversation = [{ question: "Who was Daedalus?", answer: "A craftsman." }];
    const answer = await agent.ask("Who was his son?", { conversation, budget: { hops: 1 } });
    expect(answer.hops.map(({ hop }) => hop)).toEqual([1]);
    expect(answer.hops[0]?.query).toContain("Daedalus");
  });

  it("answers for a live retriever under the scope that it is given", async () => {
    const seen: (string | undefined)[] = [];
    const live = defineRetriever(
      "live",
      async (query, options) => {
        seen.push(options.call?.scope.tenant);
        return { ...(await myths().search(query, { k: options.k })), generation: -1 };
      },
      { scope: undefined },
    );
    const answer = await createRetrievalAgent({ retriever: live, scope: scope("rival") }).ask(chainQuestion);
    expect(answer.status).toBe("answered");
    expect(new Set(seen)).toEqual(new Set(["rival"]));
  });

  it("lets a judge overrule what code found, and tells", async () => {
    const policy = withPolicy({
      judge: async (sentences) =>
        sentences.map(({ text }) => (text.includes("Daedalus") ? "unsupported" : "undetermined")),
    });
    const events = await collect(createRetrievalAgent({ retriever: myths(), policy }).stream(chainQuestion));
    const done = events.at(-1);
    if (done?.type !== "done") throw new Error("no answer");
    expect(done.answer.status).toBe("partial");
    const judged = done.answer.sentences.filter(({ verdict }) => verdict === "unsupported");
    expect(judged.length).toBeGreaterThan(0);
    for (const sentence of judged) expect(events).toContainEqual({ type: "sentence", attempt: 1, sentence });
  });

  it("does not hold a sentence that claims nothing against an answer", async () => {
    const policy = withPolicy({
      write: async function* () {
        yield { type: "sentence", text: "Here is what I found:", citations: [] };
        yield { type: "sentence", text: "Theseus was a hero of Athens.", citations: [{ evidence: "E1" }] };
      },
    });
    const answer = await createRetrievalAgent({ retriever: myths(), policy }).ask(chainQuestion);
    expect(answer.sentences.map(({ verdict }) => verdict)).toEqual(["uncited", "supported"]);
    expect(answer.status).toBe("answered");
  });

  it("repairs a plan that cannot be carried out, with a note", async () => {
    const policy = withPolicy({
      plan: async ({ question }) => ({ subQuestions: [{ id: "q1", question, dependsOn: ["q9"] }] }),
    });
    const answer = await createRetrievalAgent({ retriever: myths(), policy }).ask(chainQuestion);
    expect(codes(answer)).toContain("repaired");
    expect(answer.status).toBe("answered");
  });

  it("serves as a subgraph", async () => {
    const { graph } = createRetrievalAgent({ retriever: myths() });
    const Outer = Annotation.Root({ question: Annotation<string>(), answer: Annotation<Answer | null>() });
    const outer = new StateGraph(Outer).addNode("look", graph).addEdge(START, "look").addEdge("look", END).compile();
    const { answer } = await outer.invoke({ question: chainQuestion });
    expect(answer?.status).toBe("answered");
  });

  it("runs under maxConcurrency 1 without losing a search", async () => {
    const agent = createRetrievalAgent({ retriever: myths() });
    const asked = await agent.ask("Which is older, Leiden University or Utrecht University?", {
      config: { maxConcurrency: 1 },
    });
    expect(new Set(asked.hops.filter(({ hop }) => hop === 1).map(({ subQuestion }) => subQuestion))).toEqual(
      new Set(["q1", "q2", "q3"]),
    );
  });

  it("hands on what a search remarks, once", async () => {
    const remark = note("leg-failed", "The dense leg is down.");
    const retriever = defineRetriever(
      "remarking",
      async (query, options) => ({ ...(await myths().search(query, options)), notes: [remark] }),
      { scope: scope("acme") },
    );
    const answer = await createRetrievalAgent({ retriever }).ask(chainQuestion);
    expect(answer.notes.filter(({ code }) => code === "leg-failed")).toEqual([remark]);
  });
});
