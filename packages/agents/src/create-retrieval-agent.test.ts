import { defineRetriever, type Hit, noUsage, scope } from "@clew/core";
import { aHit, fixedRuntime } from "@clew/core/testing";
import { expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
it("tries", async () => {
  const hit = (id: string, title: string, text: string): Hit => { const h = aHit({ id }); return { ...h, passage: { ...h.passage, title, text, span: [0, text.length] } }; };
  const retriever = defineRetriever("x", async (q) => ({ hits: q.includes("Knossos") || q.includes("Ariadne") ? [hit("a", "Ariadne", "Ariadne was a daughter of Minos. She gave Theseus a ball of thread."), hit("b", "Minos", "Minos was a king of Crete, son of Zeus and Europa.")] : [], notes: [], usage: noUsage, generation: 1 }), { scope: scope("acme") });
  const agent = createRetrievalAgent({ retriever, runtime: fixedRuntime() });
  const events = []; for await (const e of agent.stream("Who was the grandfather of Ariadne, daughter of Minos?")) events.push(e.type === "done" ? { ...e, answer: { ...e.answer, trace: e.answer.trace.length, evidence: e.answer.evidence.length } } : e);
  console.log(JSON.stringify(events, null, 1).slice(0, 7000));
  expect(events.length).toBeGreaterThan(3);
});
