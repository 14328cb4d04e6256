import { type Answer, ClewError, defineRetriever, note, noUsage, type Policy, scope } from "@clew/core";
import { fixedRuntime, scriptedModel } from "@clew/core/testing";
import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "./agent-event.js";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { extractivePolicy } from "./extractive/extractive-policy.js";
import { chainQuestion, myths } from "./test/myths.js";

const codes = ({ notes }: Answer): string[] => notes.map(({ code }) => code);

async function collect(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The extractive policy with some of its decisions replaced. */
const withPolicy = (changes: Partial<Policy>): Policy => ({ ...extractivePolicy(), ...changes });

/** Never content: asks for something else each round, so that only a stop rule ends it. */
const insatiable = (query: (round: number) => string): Policy =>
  withPolicy({
    plan: async ({ question }) => ({ subQuestions: [{ id: "q1", question, dependsOn: [] }] }),
    grade: async ({ hops }) => {
      const next = { query: query(hops.length), why: "more" };
      return [{ subQuestion: "q1", kind: "missing", missing: "everything", next }];
    },
  });

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
    const { trace } = await createRetrievalAgent({ retriever: myths() }).ask(chainQuestion);
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

  describe("stops", () => {
    it.each([
      [
        "when two rounds bring nothing new",
        (round: number) => `Theseus Minotaur ${"abcdefgh"[round]!.repeat(5)}`,
        "stopped",
        3,
      ],
      ["at a query that was asked before", () => "the Labyrinths, and Knossos", "stopped", 2],
      [
        "at the hop limit",
        (round: number) => ["", "Knossos maze", "Daedalus", "Icarus", "Samos", "Leiden"][round]!,
        "budget-reached",
        3,
      ],
    ])("%s, with a partial, cited answer", async (_, query, code, rounds) => {
      const agent = createRetrievalAgent({ retriever: myths(), policy: insatiable(query) });
      const answer = await agent.ask(chainQuestion, { k: code === "budget-reached" ? 1 : 10 });
      expect(answer.status).toBe("partial");
      expect(answer.citations.length).toBeGreaterThan(0);
      expect(codes(answer)).toContain(code);
      expect(answer.hops.at(-1)?.hop).toBe(rounds);
    });

    it("after 12 rounds where the budget says so, whatever LangGraph's own limit is", async () => {
      const words =
        "bread leiden utrecht icarus daedalus knossos samos yeast orange minos sun sea king gas craftsman".split(" ");
      let asked = 0;
      const fresh = defineRetriever(
        "fresh",
        async (query, options) => {
          const { hits } = await myths().search(chainQuestion, options);
          const found = hits.map((hit) => ({
            ...hit,
            passage: { ...hit.passage, id: `${hit.passage.id}-${asked}` as never },
          }));
          asked += 1;
          return { hits: query === "" ? [] : found, notes: [], usage: noUsage, generation: 1 };
        },
        { scope: scope("acme") },
      );
      const agent = createRetrievalAgent({
        retriever: fresh,
        policy: insatiable((round) => words[round]!),
        budget: { hops: 12 },
      });
      const answer = await agent.ask(chainQuestion);
      expect(answer.hops.at(-1)?.hop).toBe(12);
      expect(codes(answer)).toContain("budget-reached");
      // run as a graph under a smaller limit, it still ends by itself
      const { answer: small } = await agent.graph.invoke({ question: chainQuestion }, { recursionLimit: 13 });
      expect(small?.status).toBe("partial");
      expect(small?.notes.map(({ detail }) => detail?.reason)).toContain("step-limit");
    });

    it("when the time is nearly used up", async () => {
      const runtime = fixedRuntime();
      const retriever = myths({ before: () => runtime.advance(900) });
      const policy = insatiable((round) => `Daedalus ${round} round`);
      const answer = await createRetrievalAgent({ retriever, runtime, policy, budget: { ms: 1000 } }).ask(
        chainQuestion,
      );
      expect(answer.status).toBe("partial");
      expect(answer.hops.length).toBe(1);
    });

    it("before the first search when no hop is allowed", async () => {
      const answer = await createRetrievalAgent({ retriever: myths(), budget: { hops: 0 } }).ask(chainQuestion);
      expect([answer.status, answer.hops]).toEqual(["abstained", []]);
      expect(codes(answer)).toContain("budget-reached");
    });
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

  describe("cancellation", () => {
    const hanging = () => {
      const seen: { signal?: AbortSignal } = {};
      let started = (): void => undefined;
      const searching = new Promise<void>((resolve) => {
        started = resolve;
      });
      const retriever = myths({
        before: (_, signal) => {
          if (signal !== undefined) seen.signal = signal;
          started();
          return new Promise(() => undefined);
        },
      });
      return { retriever, seen, searching };
    };

    it("rejects with the signal's reason and aborts the open search", async () => {
      const { retriever, seen, searching } = hanging();
      const leaving = new AbortController();
      const asked = createRetrievalAgent({ retriever }).ask(chainQuestion, { signal: leaving.signal });
      await searching;
      const reason = new Error("the user has left");
      leaving.abort(reason);
      await expect(asked).rejects.toBe(reason);
      expect(seen.signal?.aborted).toBe(true);
    });

    it("rejects at once when aborted before it begins", async () => {
      const reason = new Error("gone");
      const asked = createRetrievalAgent({ retriever: myths() }).ask("x", { signal: AbortSignal.abort(reason) });
      await expect(asked).rejects.toBe(reason);
    });

    it("aborts the run when the stream is left", async () => {
      const { retriever, seen } = hanging();
      for await (const event of createRetrievalAgent({ retriever }).stream(chainQuestion)) {
        if (event.type === "query") break;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(seen.signal === undefined || seen.signal.aborted).toBe(true);
    });

    it("ends a search that hangs at the limit of time, with an answer", async () => {
      const { retriever } = hanging();
      const answer = await createRetrievalAgent({ retriever, budget: { ms: 400 } }).ask(chainQuestion);
      expect(answer.status).toBe("abstained");
      expect(codes(answer)).toContain("sub-question-failed");
    });
  });

  describe("threads", () => {
    it("resolves a follow-up against the turn before, and forgets nothing else", async () => {
      const agent = createRetrievalAgent({ retriever: myths(), checkpointer: new MemorySaver() });
      await agent.ask("Who was Daedalus?", { thread: "t" });
      const second = await agent.ask("Who was his son?", { thread: "t" });
      expect(second.hops[0]?.query).toContain("Daedalus");
      expect(second.hops[0]?.hop).toBe(1);
      const alone = await agent.ask("Who was his son?", { thread: "other" });
      expect(alone.hops[0]?.query).not.toContain("Daedalus");
    });

    it("never goes on with a thread of another tenant", async () => {
      const checkpointer = new MemorySaver();
      const agentOf = (tenant: string) =>
        createRetrievalAgent({ retriever: myths({ scope: scope(tenant) }), checkpointer });
      await agentOf("acme").ask("Who was Daedalus?", { thread: "t" });
      const other = await agentOf("rival").ask("Who was his son?", { thread: "t" });
      expect(other.hops[0]?.query).not.toContain("Daedalus");
      // a thread id that the caller of the graph chose by hand changes nothing
      const config = { configurable: { thread_id: "by-hand" } };
      await agentOf("acme").graph.invoke({ question: "Who was Daedalus?" }, config);
      const { answer } = await agentOf("rival").graph.invoke({ question: "Who was his son?" }, config);
      expect(answer?.hops[0]?.query).not.toContain("Daedalus");
    });

    it("resumes a run that was broken off, with the same answer and no finished round made twice", async () => {
      const leaving = new AbortController();
      const queries: string[] = [];
      let broken = false;
      const retriever = myths({
        before: (query) => {
          if (queries.length > 0 && !broken) {
            broken = true;
            leaving.abort(new Error("killed"));
            throw new Error("killed");
          }
          queries.push(query);
        },
      });
      const agent = createRetrievalAgent({ retriever, checkpointer: new MemorySaver(), runtime: fixedRuntime() });
      await expect(agent.ask(chainQuestion, { thread: "t", signal: leaving.signal })).rejects.toThrow("killed");
      const resumed = await agent.ask(chainQuestion, { thread: "t" });
      const whole = await createRetrievalAgent({ retriever: myths(), runtime: fixedRuntime() }).ask(chainQuestion);
      expect(resumed.text).toBe(whole.text);
      expect(queries.filter((query) => query === chainQuestion)).toHaveLength(1);
    });

    it("keeps its state as plain JSON, the texts once", async () => {
      const checkpointer = new MemorySaver();
      const agent = createRetrievalAgent({ retriever: myths(), checkpointer });
      const config = { configurable: { thread_id: "x" } };
      await agent.graph.invoke({ question: chainQuestion }, config);
      for await (const { values } of agent.graph.getStateHistory(config)) {
        expect(JSON.parse(JSON.stringify(values))).toEqual(values);
        const { answer: _, conversation: __, attempts: ___, trace: ____, ...state } = values;
        expect(JSON.stringify(state).split("It was built by Daedalus").length).toBeLessThanOrEqual(2);
      }
    });
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

  describe("refuses", () => {
    const retriever = myths();
    const live = defineRetriever("live", async () => ({ hits: [], notes: [], usage: noUsage, generation: -1 }), {
      scope: undefined,
    });
    it.each<[string, () => unknown]>([
      ["an unknown option", () => createRetrievalAgent({ retriever, temperature: 0 } as never)],
      ["an unknown limit", () => createRetrievalAgent({ retriever, budget: { token: 5 } as never })],
      ["a limit below 0", () => createRetrievalAgent({ retriever, budget: { ms: -1 } })],
      ["something that is no retriever", () => createRetrievalAgent({ retriever: {} as never })],
      ["a live retriever without a scope", () => createRetrievalAgent({ retriever: live })],
      ["another scope than the retriever's", () => createRetrievalAgent({ retriever, scope: scope("rival") })],
      [
        "a model for an unknown role",
        () => createRetrievalAgent({ retriever, models: { poet: scriptedModel({ answers: [] }) } as never }),
      ],
    ])("%s", (_, make) => {
      expect(make).toThrow(expect.objectContaining({ code: "invalid-option" }));
    });

    it.each([
      ["an unknown option of a question", { top: 3 }, "invalid-option"],
      ["a thread without a checkpointer", { thread: "t" }, "invalid-option"],
      ["k below 1", { k: 0 }, "invalid-option"],
      ["a filter of no store", { filter: { year: { $near: 3 } } }, "invalid-filter"],
    ])("%s", async (_, options, code) => {
      const asked = createRetrievalAgent({ retriever }).ask("x", options as never);
      await expect(asked).rejects.toSatisfy((error) => ClewError.isInstance(error) && error.code === code);
    });
  });
});
