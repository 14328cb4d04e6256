import { memoryTraces, openTrace, scope, type Trace, type TraceStore, verifyTrace } from "@clew/core";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "./agent-event.js";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { extractivePolicy } from "./extractive/extractive-policy.js";
import { replay } from "./replay/replay.js";
import { createResearcher } from "./researcher/create-researcher.js";
import type { RetrievalAgentOptions } from "./retrieval-agent.js";
import { withPolicy } from "./test/agent-helpers.js";
import { chainQuestion, myths } from "./test/myths.js";

const acme = scope("acme");
const code = (value: string) => expect.objectContaining({ code: value });
const rooted = (trace: Trace | undefined): string | undefined => trace?.lines.at(-1)?.hash;

async function recorded(traces: TraceStore): Promise<Trace[]> {
  const found: Trace[] = [];
  for await (const run of traces.list(acme)) found.push((await traces.read(acme, run))!);
  return found;
}
const agentOf = (traces: TraceStore, options: Partial<RetrievalAgentOptions> = {}) =>
  createRetrievalAgent({ retriever: myths(), traces, ...options });

/** A policy that breaks as long as it is told to. */
function breaking() {
  const state = { breaks: true };
  const policy = withPolicy({
    grade: async (shown, call) => {
      if (state.breaks) throw new Error("the policy broke with sk-abcdefghijklmnopqrstuvwx");
      return extractivePolicy().grade(shown, call);
    },
  });
  return { state, policy };
}

describe("the record of a run that stops before its end", () => {
  it("holds what had been recorded when it was aborted, without a thread or a checkpointer", async () => {
    const traces = memoryTraces();
    const gone = new AbortController();
    const reason = new Error("the caller has gone");
    const retriever = myths({ before: () => gone.abort(reason) });
    await expect(agentOf(traces, { retriever }).ask(chainQuestion, { signal: gone.signal })).rejects.toBe(reason);
    const [trace, ...others] = await recorded(traces);
    expect(others).toEqual([]);
    expect(trace!.run).toMatch(/^[\w-]+#1$/);
    expect(verifyTrace(trace!)).toMatchObject({ code: "intact", ended: "aborted", parts: [] });
    expect(openTrace(trace!).map(({ kind }) => kind)).toEqual(["run", "route", "plan"]);
    expect(trace!.lines.at(-1)!.data).toMatchObject({ of: trace!.run.slice(0, -2) });
    await expect(replay(trace!)).rejects.toThrow(code("not-replayable"));
  });

  it("is kept when its caller leaves the loop, and when it fails", async () => {
    const traces = memoryTraces();
    for await (const { type } of agentOf(traces).stream(chainQuestion)) if (type === "plan") break;
    const { policy } = breaking();
    await expect(agentOf(traces, { policy }).ask(chainQuestion)).rejects.toThrow("the policy broke");
    const all = await recorded(traces);
    const ended = all.map((trace) => verifyTrace(trace)).map((check) => check.code === "intact" && check.ended);
    expect(ended.sort()).toEqual(["aborted", "failed"]);
    expect(JSON.stringify(all)).not.toContain("sk-abcd");
  });

  it("is named by the record that the same run writes when it is resumed and finishes", async () => {
    const traces = memoryTraces();
    const { policy, state } = breaking();
    const agent = agentOf(traces, { policy, checkpointer: new MemorySaver() });
    for (let i = 0; i < 2; i++) await expect(agent.ask(chainQuestion, { thread: "t" })).rejects.toThrow();
    // the second time nothing new was recorded
    expect(await recorded(traces)).toHaveLength(1);
    state.breaks = false;
    const answer = await agent.ask(chainQuestion, { thread: "t" });
    const part = await traces.read(acme, `${answer.id}#1`);
    expect(verifyTrace(part!)).toMatchObject({ code: "intact", ended: "failed" });
    expect(verifyTrace(answer.trace)).toMatchObject({ run: answer.id, ended: "finished", parts: [rooted(part)] });
    expect(await traces.read(acme, answer.id)).toEqual(answer.trace);
    const before = openTrace(part!);
    expect(openTrace(answer.trace).slice(0, before.length)).toEqual(before);
    await traces.feedback(acme, answer.id, { verdict: "right", consent: "record" });
    expect(JSON.stringify(await replay(answer.trace, { policy }))).toBe(JSON.stringify(answer));
  });

  it("says that the run waits for a person, once each time", async () => {
    const traces = memoryTraces();
    const agent = agentOf(traces, { checkpointer: new MemorySaver(), approve: ["plan", "write"] });
    const asked = (decision?: { approve: true }) => agent.ask(chainQuestion, { thread: "t", decision });
    await expect(asked()).rejects.toThrow(code("approval-needed"));
    await expect(asked()).rejects.toThrow(code("approval-needed"));
    await expect(asked({ approve: true })).rejects.toThrow(code("approval-needed"));
    const answer = await asked({ approve: true });
    const parts = [await traces.read(acme, `${answer.id}#1`), await traces.read(acme, `${answer.id}#2`)];
    expect(parts.map((part) => verifyTrace(part!))).toMatchObject([
      { ended: "waiting", parts: [] },
      { ended: "waiting", parts: [rooted(parts[0])] },
    ]);
    expect(verifyTrace(answer.trace)).toMatchObject({ parts: parts.map(rooted) });
    expect(await recorded(traces)).toHaveLength(3);
  });

  it("is lost with a note where the store fails, and the run's own error comes through", async () => {
    const traces = { ...memoryTraces(), write: () => Promise.reject(new Error("disk full")) };
    const events: AgentEvent[] = [];
    const { policy } = breaking();
    const run = async () => {
      for await (const event of agentOf(traces, { policy }).stream(chainQuestion)) events.push(event);
    };
    await expect(run()).rejects.toThrow("the policy broke");
    expect(events.at(-1)).toMatchObject({ type: "note", note: { code: "x-record-lost" } });
  });

  it("is erased like any other", async () => {
    const traces = memoryTraces();
    const agent = agentOf(traces, {
      policy: withPolicy({
        write: () => {
          throw new Error("broke");
        },
      }),
    });
    await expect(agent.ask(chainQuestion)).rejects.toThrow("broke");
    const [trace] = await recorded(traces);
    const source = Object.values(trace!.texts).flatMap(({ sources }) => sources)[0]!;
    await traces.erase(acme, { source, passages: [] });
    const [left] = await recorded(traces);
    expect(verifyTrace(left!)).toMatchObject({ code: "intact", ended: "failed" });
    expect(Object.values(left!.texts).every(({ sources }) => !sources.includes(source))).toBe(true);
    expect(() => openTrace(left!)).toThrow(code("trace-erased"));
  });

  it("is there for research and each of its sections", async () => {
    const traces = memoryTraces();
    const gone = new AbortController();
    let searches = 0;
    const retriever = myths({
      before: () => {
        // the first is the outline's
        if (++searches > 1) gone.abort("enough");
      },
    });
    const researcher = createResearcher({ retriever, traces, parallel: 2 });
    await expect(researcher.research(chainQuestion, { signal: gone.signal })).rejects.toBe("enough");
    const all = await recorded(traces);
    expect(all.every((trace) => verifyTrace(trace).code === "intact")).toBe(true);
    const runs = all.map(({ run }) => run).sort();
    expect(runs[0]).toMatch(/^[\w]+(-[\w]+)*#1$/);
    expect(runs.slice(1).every((run) => /-s\d+#1$/.test(run))).toBe(true);
    expect(runs.length).toBeGreaterThan(1);
  });
});
