import { checkKeys, type Erasable, type Note, note } from "@clew/core";
import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { namesSource } from "./names-source.js";
import { scrubSaver } from "./scrub-saver.js";
import { ownersIn } from "./thread-owners.js";

/** Options of {@link erasableCheckpoints}. */
export interface ErasableCheckpointsOptions {
  /**
   * Tells the tenant of threads that do not say it themselves: those of graphs in which the agent is a tool, not a
   * subgraph. @default such threads are never deleted; a note counts those that name the source
   */
  readonly tenantOf?: ((thread: string) => string | undefined | Promise<string | undefined>) | undefined;
}

/**
 * The threads of a checkpointer as a place that can forget: `eraser({ places: { checkpoints: erasableCheckpoints(saver) } })`.
 *
 * Every thread of the tenant in which a checkpoint, a pending write or an output kept for resuming names the source is
 * deleted whole, in all its namespaces: each later turn may repeat what an earlier one saw. Works over any thread ids, so
 * also where the agent is a subgraph under somebody else's checkpointer. A run that is under way writes its state again:
 * let it end, or abort it, before its source is erased.
 *
 * Then the saver's storage is made to forget: SQLite is vacuumed and its log cut to nothing, which holds up whoever uses
 * that connection; PostgreSQL is vacuumed, and a note says what stays; of savers that are not known here a note says that
 * their operator has to look. Reads all checkpoints of the saver.
 *
 * @throws ClewError `invalid-option`
 */
export function erasableCheckpoints(saver: BaseCheckpointSaver, options: ErasableCheckpointsOptions = {}): Erasable {
  checkKeys("erasableCheckpoints", options, ["tenantOf"] satisfies (keyof ErasableCheckpointsOptions)[]);
  const { tenantOf } = options;
  return {
    erase: async ({ tenant }, { source, signal }) => {
      const threads = await readThreads(saver, source, signal);
      const mine: Seen[] = [];
      let unowned = 0;
      for (const [thread, seen] of threads) {
        if (!seen.holds) continue;
        const own = seen.tenants.size > 0 ? seen.tenants : new Set([await tenantOf?.(thread)]);
        if (own.has(tenant)) mine.push(seen);
        else if (own.has(undefined)) unowned++;
      }
      let checkpoints = 0;
      for (const seen of mine) {
        signal?.throwIfAborted();
        await saver.deleteThread(seen.thread);
        checkpoints += seen.checkpoints;
      }
      const notes: Note[] = [...(unowned > 0 ? [unownedNote(unowned)] : []), ...(await scrubSaver(saver, signal))];
      return [{ place: "checkpoints", removed: { threads: mine.length, checkpoints }, notes }];
    },
  };
}

/** What the checkpoints of a thread say. */
interface Seen {
  readonly thread: string;
  readonly tenants: Set<string | undefined>;
  checkpoints: number;
  holds: boolean;
}

async function readThreads(
  saver: BaseCheckpointSaver,
  source: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Seen>> {
  const threads = new Map<string, Seen>();
  for await (const { config, checkpoint, pendingWrites = [] } of saver.list({ configurable: {} })) {
    signal?.throwIfAborted();
    const thread: unknown = config.configurable?.thread_id;
    if (typeof thread !== "string") continue;
    const seen = threads.get(thread) ?? { thread, tenants: new Set(), checkpoints: 0, holds: false };
    threads.set(thread, seen);
    seen.checkpoints++;
    for (const tenant of ownersIn(checkpoint, pendingWrites)) seen.tenants.add(tenant);
    seen.holds ||= namesSource([checkpoint.channel_values, pendingWrites.map(([, , value]) => value)], source);
  }
  return threads;
}

const unownedNote = (threads: number): Note =>
  note(
    "not-erased",
    `${threads} threads name the source and do not say whose they are: they may be another tenant's. Pass tenantOf to ` +
      "erasableCheckpoints, and erase again.",
    { threads },
  );
