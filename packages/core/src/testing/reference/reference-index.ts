import { ClewError } from "../../errors/clew-error.js";
import { checkFilter } from "../../filter/check-filter.js";
import { matchesFilter } from "../../filter/matches-filter.js";
import type { Index } from "../../index/index-port.js";
import { type Runtime, systemRuntime } from "../../run/runtime.js";
import { type AccessLists, isVisible } from "../../scope/is-visible.js";
import type { Scope } from "../../scope/scope.js";
import type { Embedder } from "../../search/embedder.js";
import { embeddingText } from "../../search/embedding-text.js";
import { raceSignal } from "../../search/race-signal.js";
import type { Splitter } from "../../source/splitter.js";
import { analyzer as defaultAnalyzer } from "../../text/analyzer.js";
import type { Analyzer } from "../../text/analyzer-port.js";
import { paragraphSplitter } from "../paragraph-splitter.js";
import { referenceSnapshot } from "./reference-snapshot.js";
import { referenceSync } from "./reference-sync.js";
import { emptyTenant, type StoredSource, type TenantState, writeSources } from "./tenant-state.js";

/** Options of {@link referenceIndex}. */
export interface ReferenceIndexOptions {
  /** Makes the dense leg. @default none: lexical only */
  embedder?: Embedder | undefined;
  /** @default `paragraphSplitter()` */
  splitter?: Splitter | undefined;
  /** @default English */
  analyzer?: Analyzer | undefined;
  /** Whether sources without an access list are seen by all of the tenant or by nobody. @default "optional" */
  accessLists?: AccessLists | undefined;
  /** @default `systemRuntime` */
  runtime?: Runtime | undefined;
}

/**
 * The simplest right implementation of the {@link Index} port: everything in memory, every search a full scan in plain
 * double precision. The oracle of `testIndex`, and an index for tests of what stands on one. Not for large corpora.
 */
export function referenceIndex({
  embedder,
  splitter = paragraphSplitter(),
  analyzer = defaultAnalyzer(),
  accessLists = "optional",
  runtime = systemRuntime,
}: ReferenceIndexOptions = {}): Index {
  const tenants = new Map<string, TenantState>();
  const writers = new Map<string, Promise<unknown>>();
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new ClewError("closed", "The index was closed; open it again.");
  };
  const stateOf = ({ tenant }: Scope): TenantState => tenants.get(tenant) ?? emptyTenant;
  const visible = (scope: Scope): StoredSource[] =>
    [...stateOf(scope).sources.values()].filter(({ record }) => isVisible(record.access, scope, accessLists));

  /** One writer at a time in a tenant; the next begins when the one before has ended, well or not. */
  const write = async <T>({ tenant }: Scope, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    assertOpen();
    signal?.throwIfAborted();
    const before = writers.get(tenant) ?? Promise.resolve();
    const mine = before.then(() => {
      assertOpen();
      signal?.throwIfAborted();
      return work();
    });
    writers.set(
      tenant,
      mine.catch(() => undefined), // reported to its own caller; the next writer does not care
    );
    return mine;
  };

  return {
    in: (scope) => ({
      scope,
      capabilities: { lexical: true, dense: embedder !== undefined, links: true },
      read: async (work, { signal } = {}) => {
        assertOpen();
        signal?.throwIfAborted();
        const { snapshot, end } = referenceSnapshot({
          sources: visible(scope),
          generation: stateOf(scope).generation,
          embedder,
          analyzer,
          signal,
        });
        try {
          return await raceSignal(work(snapshot), signal);
        } finally {
          end();
        }
      },
    }),

    sync: (scope, items, options = {}) =>
      write(scope, options.signal, () =>
        referenceSync({
          items,
          options,
          embedder,
          splitter,
          tenant: scope.tenant,
          runtime,
          state: () => stateOf(scope),
          commit: (state) => {
            assertOpen();
            tenants.set(scope.tenant, state);
          },
        }),
      ),

    sources: async (scope, filter = {}) => {
      assertOpen();
      checkFilter(filter);
      return visible(scope)
        .map(({ record }) => record)
        .filter(({ id, title, uri, metadata }) => matchesFilter(filter, { source: id, title, uri, ...metadata }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    remove: (scope, ids, { signal } = {}) =>
      write(scope, signal, async () => {
        const state = stateOf(scope);
        const known = [...new Set(ids)].filter((id) => state.sources.has(id));
        if (known.length > 0) tenants.set(scope.tenant, writeSources(state, { remove: known }));
        return known;
      }),

    passagesOf: async (scope, id, { signal } = {}) => {
      assertOpen();
      signal?.throwIfAborted();
      return stateOf(scope).sources.get(id)?.passages ?? [];
    },

    erase: (scope, { source, signal }) =>
      write(scope, signal, async () => {
        const state = stateOf(scope);
        const stored = state.sources.get(source);
        const after = writeSources(state, { remove: [source] });
        const needed = new Set([...after.sources.values()].flatMap(({ passages }) => passages.map(embeddingText)));
        const cache = new Map([...state.cache].filter(([text]) => needed.has(text)));
        const vectors = state.cache.size - cache.size;
        if (stored !== undefined) tenants.set(scope.tenant, { ...after, cache });
        else tenants.set(scope.tenant, { ...state, cache });
        const removed = { sources: stored === undefined ? 0 : 1, passages: stored?.passages.length ?? 0 };
        return [
          { place: "index", removed, notes: [] },
          { place: "vector-cache", removed: { vectors }, notes: [] },
        ];
      }),

    setMetadata: (scope, id, { metadata, access }, { signal } = {}) =>
      write(scope, signal, async () => {
        const state = stateOf(scope);
        const stored = state.sources.get(id);
        if (stored === undefined) {
          throw new ClewError("not-found", `There is no source "${id}" in tenant "${scope.tenant}"; sync it first.`);
        }
        const changed = <T extends object>(part: T): T => {
          const next = { ...part, ...(metadata === undefined ? {} : { metadata }) };
          if (access === undefined) return next;
          return { ...next, access: access ?? undefined };
        };
        const source: StoredSource = {
          record: changed(stored.record),
          text: { ...stored.text, source: changed(stored.text.source) },
          passages: stored.passages.map(changed),
          vectors: stored.vectors,
        };
        tenants.set(scope.tenant, writeSources(state, { put: source }));
      }),

    close: async () => {
      closed = true;
    },
  };
}
