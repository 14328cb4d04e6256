import type { RetrievalAgent } from "@clew/agents";
import type { Answer, Retriever } from "@clew/core";
import { bootstrapInterval } from "@clew/core/measure";
import { percentile } from "../percentile.js";
import type { TimedPolicy } from "./timed-policy.js";

/** CPU time of one question, all threads of the process, in milliseconds. */
export interface Timed {
  /** Of the whole run: graph, ledger, policy, verification, trace, and searches from memory. */
  readonly agentMs: number;
  /** Of it, inside the methods of the policy. */
  readonly policyMs: number;
  /** Of the same searches in a bare loop. */
  readonly bareMs: number;
  /** Rounds of retrieval. */
  readonly hops: number;
}

/** An agent whose policy is listened to. */
export interface Listened {
  readonly agent: RetrievalAgent;
  readonly policy: TimedPolicy;
  readonly retriever: Retriever;
  /** Name of a thread to ask in; undefined where nothing is kept. */
  thread?(): string;
}

/**
 * Asks a question again, every search answered from memory, and makes the same searches round by round without an agent:
 * the difference is what the agent itself costs, of which the policy's part is told apart.
 */
export async function timeAgain({ agent, policy, retriever, thread }: Listened, before: Answer): Promise<Timed> {
  const rounds = new Map<number, string[]>();
  for (const { hop, query } of before.hops) rounds.set(hop, [...(rounds.get(hop) ?? []), query]);
  policy.takeMs();
  const agentMs = await cpuOf(() => agent.ask(before.question, thread === undefined ? {} : { thread: thread() }));
  const policyMs = policy.takeMs();
  const bareMs = await cpuOf(async () => {
    for (const queries of rounds.values())
      await Promise.all(queries.map((query) => retriever.search(query, { k: 10 })));
  });
  return { agentMs, policyMs, bareMs, hops: rounds.size };
}

/** What the agent adds to a round of retrieval, beyond its policy and the searches; and what the policy adds. */
export async function overheadOf(timed: readonly Timed[]) {
  const looked = timed.filter(({ hops }) => hops > 0);
  const overhead = await perHop(looked, ({ agentMs, policyMs, bareMs }) => agentMs - policyMs - bareMs);
  const policy = await perHop(looked, ({ policyMs }) => policyMs);
  return {
    cpu_ms_per_hop: overhead.mean,
    cpu_ms_per_hop_interval: overhead.interval,
    cpu_ms_per_hop_p95: overhead.p95,
    policy_cpu_ms_per_hop: policy.mean,
    policy_cpu_ms_per_hop_interval: policy.interval,
  };
}

async function perHop(timed: readonly Timed[], of: (one: Timed) => number) {
  const each = timed.map((one) => of(one) / one.hops);
  const hops = timed.reduce((sum, one) => sum + one.hops, 0);
  const all = timed.reduce((sum, one) => sum + of(one), 0);
  const { low, high } = each.length < 2 ? { low: each[0] ?? 0, high: each[0] ?? 0 } : await bootstrapInterval(each);
  const mean = each.reduce((a, b) => a + b, 0) / Math.max(1, each.length);
  return {
    mean: tenths(all / Math.max(1, hops)),
    interval: [tenths(mean), tenths(low), tenths(high)] as const,
    p95: tenths(percentile(each, 0.95)),
  };
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const tenths = (value: number): number => Number(value.toFixed(2));
