import { ClewError } from "../../errors/clew-error.js";
import type { FailedSync, SyncOptions, SyncProgress, SyncReport } from "../../index/sync.js";
import { type Note, note } from "../../run/note.js";
import type { Runtime } from "../../run/runtime.js";
import { addUsage, noUsage } from "../../run/usage.js";
import type { Embedder } from "../../search/embedder.js";
import { embeddingText } from "../../search/embedding-text.js";
import { raceSignal } from "../../search/race-signal.js";
import { untilAborted } from "../../search/until-aborted.js";
import type { SourceId } from "../../source/source.js";
import type { ReadableSource, SourceInput } from "../../source/source-input.js";
import type { Splitter } from "../../source/splitter.js";
import { type TenantState, writeSources } from "./tenant-state.js";
import { vectorsFor } from "./vectors-for.js";

/** Options of {@link referenceSync}. */
export interface ReferenceSyncOptions {
  items: AsyncIterable<SourceInput> | Iterable<SourceInput>;
  options: SyncOptions;
  embedder: Embedder | undefined;
  splitter: Splitter;
  tenant: string;
  runtime: Runtime;
  state: () => TenantState;
  commit: (state: TenantState) => void;
}

/** Takes sources in one after the other; each is a generation of its own. */
export async function referenceSync(setup: ReferenceSyncOptions): Promise<SyncReport> {
  const { items, options, state, commit } = setup;
  const { dryRun = false, removeMissing = false, onProgress } = options;
  const signal = options.signal ?? options.call?.signal;
  const named = new Set<SourceId>();
  const added: SourceId[] = [];
  const updated: SourceId[] = [];
  const failed: FailedSync[] = [];
  const notes: Note[] = [];
  const passages = { added: 0, removed: 0, kept: 0 };
  let unchanged = 0;
  let done = 0;
  let embedded = 0;
  let cached = 0;
  let tokens = 0;
  let usage = noUsage;

  const progress = (phase: SyncProgress["phase"], source?: SourceId, pending = 0): void =>
    onProgress?.({ phase, source, sourcesDone: done, sourcesSeen: named.size, embedded, pending });

  const take = async (item: ReadableSource): Promise<void> => {
    const stored = state().sources.get(item.id);
    if (stored?.record.version === item.version) {
      unchanged++;
      return;
    }
    progress("read", item.id);
    const read = await readSource(item, signal);
    if ("failed" in read) {
      failed.push({ source: item.id, note: read.failed });
      return;
    }
    notes.push(...read.notes);
    const { text } = read;
    const cut = await setup.splitter.split(text, {
      tenant: setup.tenant,
      dryRun,
      signal,
      call: options.call,
      onNote: (one) => notes.push(one),
      onUsage: (spent) => {
        usage = addUsage(usage, spent);
      },
    });

    const wanted = await vectorsFor({
      texts: cut.map(embeddingText),
      cache: state().cache,
      embedder: setup.embedder,
      dryRun,
      signal,
      call: options.call,
      onPending: (pending) => progress("embed", item.id, pending),
    });
    embedded += wanted.embedded;
    cached += wanted.cached;
    tokens += wanted.tokens;
    usage = addUsage(usage, wanted.usage);
    notes.push(...wanted.notes);

    const before = new Set(stored?.passages.map(({ id }) => id));
    const kept = cut.filter(({ id }) => before.has(id)).length;
    passages.kept += kept;
    passages.added += cut.length - kept;
    passages.removed += before.size - kept;
    (stored === undefined ? added : updated).push(item.id);
    if (dryRun) return;

    signal?.throwIfAborted();
    progress("write", item.id);
    commit(
      writeSources(state(), {
        put: {
          record: {
            ...text.source,
            version: item.version,
            passages: cut.length,
            syncedAt: setup.runtime.now(),
          },
          text,
          passages: cut,
          vectors: wanted.vectors,
        },
        cache: wanted.cache,
      }),
    );
  };

  let whole = true;
  try {
    for await (const item of untilAborted(items, signal)) {
      signal?.throwIfAborted();
      named.add(item.id);
      if ("failed" in item) failed.push({ source: item.id, note: item.failed });
      else {
        try {
          await take(item);
        } catch (error) {
          throw new TakingFailed(error);
        }
      }
      done++;
    }
  } catch (error) {
    if (error instanceof TakingFailed) throw error.cause;
    signal?.throwIfAborted();
    if (named.size === 0) throw error;
    whole = false;
    notes.push(
      note(
        "listing-broke-off",
        `The list of sources broke off after ${named.size}: ${messageOf(error)} Nothing was removed.`,
        {
          seen: named.size,
        },
      ),
    );
  }

  const removed =
    !whole || removeMissing === false
      ? []
      : [...state().sources.values()]
          .filter(({ record }) => !named.has(record.id) && (removeMissing === true || removeMissing(record)))
          .map(({ record }) => record.id)
          .sort();
  for (const id of removed) passages.removed += state().sources.get(id)!.passages.length;
  if (removed.length > 0 && !dryRun) {
    signal?.throwIfAborted();
    commit(writeSources(state(), { remove: removed }));
  }
  progress("done");
  const { generation } = state();
  return { added, updated, unchanged, removed, failed, passages, embedded, cached, tokens, notes, usage, generation };
}

/** Marks a failure of the sync itself, as against one of the iteration. */
class TakingFailed extends Error {
  constructor(override readonly cause: unknown) {
    super("taking a source in failed");
  }
}

async function readSource(
  item: ReadableSource,
  signal: AbortSignal | undefined,
): Promise<Awaited<ReturnType<ReadableSource["read"]>> | { readonly failed: Note }> {
  try {
    const read = await raceSignal(item.read({ signal }), signal);
    const { id } = read.text.source;
    if (id === item.id) return read;
    throw new ClewError("unreadable-source", `Reading source "${item.id}" gave the source "${id}".`);
  } catch (error) {
    signal?.throwIfAborted();
    return { failed: note("source-failed", messageOf(error), { source: item.id }) };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
