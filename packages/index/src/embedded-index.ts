import {
  ClewError,
  checkFilter,
  type Index,
  type IndexView,
  isVisible,
  type Metadata,
  matchesFilter,
  raceSignal,
  type Scope,
  type SourceChange,
  type SourceId,
  type SourceRecord,
  type WriteOptions,
} from "@clew/core";
import { eraseSource } from "./erase-source.js";
import type { CheckedIndexOptions } from "./index-options.js";
import { TenantLinks } from "./links/tenant-links.js";
import { checkMetadata } from "./metadata-schema.js";
import { TenantKeys } from "./records/keys.js";
import { scanPool } from "./scan/scan-pool.js";
import { indexSnapshot } from "./search/index-snapshot.js";
import { ViewStates } from "./search/view-state.js";
import { indexGuard } from "./state/index-maker.js";
import { refreshState } from "./state/refresh-state.js";
import { emptyState, type TenantState } from "./state/tenant-state.js";
import type { HeldReader, Store } from "./store/store.js";
import { storedPassages } from "./sync/stored-passages.js";
import { storedSources, syncSources } from "./sync/sync-sources.js";
import { vectorCache } from "./sync/vector-cache.js";
import { removeSources, storedSource, writeRecord } from "./sync/write-sources.js";

/** An {@link Index} whose sources have metadata of a known type. */
export interface EmbeddedIndex<M extends Metadata = Metadata> extends Index {
  sources(
    scope: Scope,
    filter?: Parameters<Index["sources"]>[1],
  ): Promise<readonly (SourceRecord & { readonly metadata: M })[]>;
  setMetadata(
    scope: Scope,
    id: SourceId,
    change: SourceChange & { readonly metadata?: M | undefined },
    options?: WriteOptions,
  ): Promise<void>;
}

/** Options of {@link embeddedIndex}. */
export interface EmbeddedIndexOptions {
  store: Store;
  /** Where it is, for messages. */
  name: string;
  /** Whether the store outlives the process. */
  persistent: boolean;
  options: CheckedIndexOptions;
}

/** A tenant in memory. */
interface Tenant {
  readonly keys: TenantKeys;
  state: TenantState;
  readonly views: ViewStates;
  links: TenantLinks | undefined;
  /** Refreshes and writes go one after the other. */
  refreshing: Promise<unknown>;
  writing: Promise<unknown>;
}

/** The one implementation of the embedded index, over any {@link Store}. */
export function embeddedIndex({ store, name, persistent, options }: EmbeddedIndexOptions): EmbeddedIndex {
  const { embedder, splitter, ready, analyzer, accessLists, metadata: schema, fields, runtime } = options;
  const guard = indexGuard({
    store,
    name,
    embedder,
    analyzer: analyzer.fingerprint,
    splitter: splitter.fingerprint,
    links: options.links,
  });
  const tenants = new Map<string, Tenant>();
  /** Those in memory, the one searched last at the end. */
  const loaded = new Set<Tenant>();
  const reads = new Set<() => void>();
  const scanning = embedder && scanPool.lease();
  let closing: Promise<void> | undefined;

  const assertOpen = (): void => {
    if (closing !== undefined) throw new ClewError("closed", "The index was closed; open it again.");
  };
  const tenantOf = ({ tenant }: Scope): Tenant => {
    let known = tenants.get(tenant);
    if (known === undefined) {
      const keys = new TenantKeys(tenant);
      known = {
        keys,
        state: emptyState,
        views: new ViewStates(accessLists, options),
        links: options.links ? new TenantLinks(keys) : undefined,
        refreshing: Promise.resolve(),
        writing: Promise.resolve(),
      };
      tenants.set(tenant, known);
    }
    return known;
  };

  /** Lets go of the tenants that were not searched for longest; who reads them now keeps what they read. */
  const keep = (tenant: Tenant): void => {
    loaded.delete(tenant);
    loaded.add(tenant);
    for (const oldest of loaded) {
      if (loaded.size <= options.tenantsKept) return;
      loaded.delete(oldest);
      oldest.state = emptyState;
      oldest.views.clear();
      oldest.links &&= new TenantLinks(oldest.keys);
    }
  };

  /** A reader with the state of its generation. */
  const current = async (tenant: Tenant): Promise<{ reader: HeldReader; state: TenantState }> => {
    const refresh = tenant.refreshing.then(async () => {
      assertOpen();
      const reader = store.reader();
      try {
        tenant.state = await refreshState({ state: tenant.state, reader, keys: tenant.keys, weights: fields });
        keep(tenant);
        return { reader, state: tenant.state };
      } catch (error) {
        reader.done();
        throw error;
      }
    });
    tenant.refreshing = refresh.catch(() => undefined); // its caller's; the next begins anew
    return refresh;
  };

  const write = async <T>(
    scope: Scope,
    signal: AbortSignal | undefined,
    work: (tenant: Tenant) => T | Promise<T>,
  ): Promise<T> => {
    assertOpen();
    signal?.throwIfAborted();
    if (store.readOnly) {
      throw new ClewError(
        "invalid-option",
        `The index at ${name} is open for reading only; open it without readOnly to write.`,
      );
    }
    const tenant = tenantOf(scope);
    const mine = tenant.writing.then(async () => {
      assertOpen();
      signal?.throwIfAborted();
      return work(tenant);
    });
    tenant.writing = mine.catch(() => undefined); // its caller's; the next writer does not care
    return mine;
  };

  const view = (scope: Scope): IndexView => ({
    scope,
    capabilities: { lexical: true, dense: embedder !== undefined, links: options.links },
    read: async (work, { signal } = {}) => {
      assertOpen();
      signal?.throwIfAborted();
      const tenant = tenantOf(scope);
      const opening = current(tenant);
      let opened: Awaited<typeof opening>;
      try {
        opened = await raceSignal(opening, signal);
      } catch (error) {
        // the caller has left; the reader must not stay
        opening.then(({ reader }) => reader.done()).catch(() => undefined); // told above
        throw error;
      }
      const { reader, state } = opened;
      const { snapshot, end } = indexSnapshot({
        view: tenant.views.of(state, scope),
        reader,
        keys: tenant.keys,
        analyzer,
        embedder,
        probe: guard.probe,
        threads: options.threads,
        cache: embedder && vectorCache(tenant.keys, embedder.fingerprint),
        links: tenant.links,
        signal,
      });
      const finish = (): void => {
        end();
        reader.done();
        reads.delete(finish);
      };
      reads.add(finish);
      try {
        return await raceSignal(work(snapshot), signal);
      } finally {
        finish();
      }
    },
  });

  return {
    in: view,

    sync: (scope, items, syncOptions = {}) =>
      write(scope, syncOptions.signal ?? syncOptions.call?.signal, ({ keys }) =>
        syncSources({
          items,
          options: syncOptions,
          tenant: scope.tenant,
          keys,
          store,
          guard,
          embedder,
          cache: embedder && vectorCache(keys, embedder.fingerprint),
          splitter,
          ready,
          analyzer,
          metadata: schema,
          links: options.links,
          runtime,
        }),
      ),

    sources: async (scope, filter = {}) => {
      assertOpen();
      checkFilter(filter);
      return (await storedSources(store, new TenantKeys(scope.tenant)))
        .map(({ record }) => record)
        .filter(({ access }) => isVisible(access, scope, accessLists))
        .filter(({ id, title, uri, metadata }) => matchesFilter(filter, { source: id, title, uri, ...metadata }))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    remove: (scope, ids, { signal } = {}) =>
      write(scope, signal, ({ keys }) =>
        store.write((writer) => removeSources(writer, keys, scope.tenant, ids).removed),
      ),

    passagesOf: (scope, id, { signal } = {}) => {
      assertOpen();
      return storedPassages(store, new TenantKeys(scope.tenant), id, signal);
    },

    erase: (scope, request) =>
      write(scope, request.signal, ({ keys }) => eraseSource({ store, keys, tenant: scope.tenant, name, request })),

    setMetadata: (scope, id, { metadata, access }, { signal } = {}) =>
      write(scope, signal, ({ keys }) => {
        const checked = metadata === undefined ? undefined : checkMetadata(metadata, schema);
        store.write((writer) => {
          const stored = storedSource(writer, keys, id);
          if (stored === undefined) {
            throw new ClewError("not-found", `There is no source "${id}" in tenant "${scope.tenant}"; sync it first.`);
          }
          const { access: before, ...record } = stored.record;
          const after = access === undefined ? before : (access ?? undefined);
          writeRecord(writer, keys, scope.tenant, {
            ...stored,
            record: {
              ...record,
              ...(checked === undefined ? {} : { metadata: checked }),
              ...(after === undefined ? {} : { access: after }),
            },
          });
        });
      }),

    close: () => {
      closing ??= (async () => {
        for (const { writing } of tenants.values()) await writing;
        for (const finish of reads) finish();
        await scanning?.end();
        if (persistent && !store.readOnly) await guard.leaveProbe();
        await store.close();
      })();
      return closing;
    },
  };
}
