import type { RetrievalAgent } from "@clew/agents";
import type { Answer, Retriever } from "@clew/core";
import { bootstrapInterval } from "@clew/core/measure";
import { percentile } from "../percentile.js";

/** CPU time of one question, all threads of the process, in milliseconds. */
export interface Timed {
  /** Of the agent: graph, ledger, policy, verification, trace. */
  readonly agentMs: number;
  /** Of the same searches in a bare loop. */
  readonly bareMs: number;
  /** Rounds of retrieval. */
  readonly hops: number;
}

/**
 * Asks a question again, every search answered from memory, and makes the same searches round by round without an agent:
 * the difference is what the agent itself costs. No model runs in either.
 */
export async function timeAgain(agent: RetrievalAgent, retriever: Retriever, before: Answer): Promise<Timed> {
  const rounds = new Map<number, string[]>();
  for (const { hop, query } of before.hops) rounds.set(hop, [...(rounds.get(hop) ?? []), query]);
  const agentMs = await cpuOf(() => agent.ask(before.question));
  const bareMs = await cpuOf(async () => {
    for (const queries of rounds.values())
      await Promise.all(queries.map((query) => retriever.search(query, { k: 10 })));
  });
  return { agentMs, bareMs, hops: rounds.size };
}

/** What the agent adds to a round of retrieval. */
export async function overheadOf(timed: readonly Timed[]) {
  const looked = timed.filter(({ hops }) => hops > 0);
  const perHop = looked.map(({ agentMs, bareMs, hops }) => (agentMs - bareMs) / hops);
  const hops = looked.reduce((sum, one) => sum + one.hops, 0);
  const all = looked.reduce((sum, { agentMs, bareMs }) => sum + agentMs - bareMs, 0);
  const { low, high } =
    perHop.length < 2 ? { low: perHop[0] ?? 0, high: perHop[0] ?? 0 } : await bootstrapInterval(perHop);
  return {
    cpu_ms_per_hop: tenths(all / Math.max(1, hops)),
    cpu_ms_per_hop_interval: [
      tenths(perHop.reduce((a, b) => a + b, 0) / perHop.length),
      tenths(low),
      tenths(high),
    ] as const,
    cpu_ms_per_hop_p95: tenths(percentile(perHop, 0.95)),
  };
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const tenths = (value: number): number => Number(value.toFixed(2));
