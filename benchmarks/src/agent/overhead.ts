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

/** CPU time that an agent adds to a round of retrieval, in milliseconds; intervals are of the mean over questions, at 95 %. */
export interface OverheadFigures {
  /** Of graph, ledger, verification and trace: the run's, less its policy's, less the same searches alone. */
  readonly cpu_ms_per_hop: number;
  readonly cpu_ms_per_hop_interval: readonly [mean: number, low: number, high: number];
  readonly cpu_ms_per_hop_p95: number;
  /** The first of them by pass over all questions. */
  readonly cpu_ms_per_hop_passes: readonly number[];
  /** Inside the policy's methods: what decides and writes, the part of a chat model. */
  readonly policy_cpu_ms_per_hop: number;
  readonly policy_cpu_ms_per_hop_interval: readonly [mean: number, low: number, high: number];
}

/** How often every question is timed. */
const passes = 3;

/**
 * Asks questions again, every search answered from memory, and makes the same searches round by round without an agent:
 * the difference is what the agent itself costs, of which the policy's part is told apart. The code is warm by then, and no
 * embedder's threads run.
 *
 * @returns for each pass, the questions in their order
 */
export async function timeAgain(listened: Listened, before: readonly Answer[]): Promise<Timed[][]> {
  const timed: Timed[][] = [];
  for (let pass = 0; pass < passes; pass++) {
    const each: Timed[] = [];
    for (const answer of before) each.push(await timeOne(listened, answer));
    timed.push(each);
  }
  return timed;
}

async function timeOne(
  { agent, policy, retriever, thread }: Listened,
  { question, hops: asked }: Answer,
): Promise<Timed> {
  const rounds = new Map<number, string[]>();
  for (const { hop, query } of asked) rounds.set(hop, [...(rounds.get(hop) ?? []), query]);
  policy.takeMs();
  const agentMs = await cpuOf(() => agent.ask(question, thread === undefined ? {} : { thread: thread() }));
  const policyMs = policy.takeMs();
  const bareMs = await cpuOf(async () => {
    for (const queries of rounds.values())
      await Promise.all(queries.map((query) => retriever.search(query, { k: 10 })));
  });
  return { agentMs, policyMs, bareMs, hops: rounds.size };
}

/** What passes over the same questions measured; each question counts with its mean over them. */
export async function overheadOf(timed: readonly (readonly Timed[])[]): Promise<OverheadFigures> {
  const looked = timed.map((pass) => pass.filter(({ hops }) => hops > 0));
  const own = ({ agentMs, policyMs, bareMs }: Timed): number => agentMs - policyMs - bareMs;
  const overhead = await perHop(looked, own);
  const policy = await perHop(looked, ({ policyMs }) => policyMs);
  return {
    cpu_ms_per_hop: overhead.mean,
    cpu_ms_per_hop_interval: overhead.interval,
    cpu_ms_per_hop_p95: overhead.p95,
    cpu_ms_per_hop_passes: looked.map((pass) => hundredths(overAll(pass, own))),
    policy_cpu_ms_per_hop: policy.mean,
    policy_cpu_ms_per_hop_interval: policy.interval,
  };
}

async function perHop(timed: readonly (readonly Timed[])[], of: (one: Timed) => number) {
  const each = (timed[0] ?? []).map(
    ({ hops }, index) => timed.reduce((sum, pass) => sum + of(pass[index]!), 0) / timed.length / hops,
  );
  const { low, high } = each.length < 2 ? { low: each[0] ?? 0, high: each[0] ?? 0 } : await bootstrapInterval(each);
  const mean = each.reduce((a, b) => a + b, 0) / Math.max(1, each.length);
  return {
    mean: hundredths(overAll(timed.flat(), of)),
    interval: [hundredths(mean), hundredths(low), hundredths(high)] as const,
    p95: hundredths(percentile(each, 0.95)),
  };
}

function overAll(timed: readonly Timed[], of: (one: Timed) => number): number {
  const hops = timed.reduce((sum, one) => sum + one.hops, 0);
  return timed.reduce((sum, one) => sum + of(one), 0) / Math.max(1, hops);
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const hundredths = (value: number): number => Number(value.toFixed(2));
