import type { Answer, Policy } from "@clew/core";
import type { AgentEvent } from "../agent-event.js";
import { extractivePolicy } from "../extractive/extractive-policy.js";

/** Codes of an answer's notes, in order. */
export const codes = ({ notes }: Answer): string[] => notes.map(({ code }) => code);

/** All events of a stream. */
export async function collect(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The extractive policy with some of its decisions replaced. */
export const withPolicy = (changes: Partial<Policy>): Policy => ({ ...extractivePolicy(), ...changes });

/** Never content: asks for something else each round, so that only a stop rule ends it. */
export const insatiable = (query: (round: number) => string): Policy =>
  withPolicy({
    plan: async ({ question }) => ({ subQuestions: [{ id: "q1", question, dependsOn: [] }] }),
    grade: async ({ hops }) => {
      const next = { query: query(hops.length), why: "more" };
      return [{ subQuestion: "q1", kind: "missing", missing: "everything", next }];
    },
  });
