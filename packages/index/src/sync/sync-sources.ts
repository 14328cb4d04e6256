import {
  addUsage,
  checkKeys,
  type Embedder,
  embeddingText,
  type FailedSync,
  type Note,
  note,
  noUsage,
  type ReadableSource,
  type Runtime,
  type SourceId,
  type SourceInput,
  type SourceRecord,
  type Splitter,
  type SyncOptions,
  type SyncProgress,
  type SyncReport,
} from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import { encodeNames } from "../links/names-codec.js";
import { namesOf } from "../links/passage-names.js";
import type { MetadataSchema } from "../metadata-schema.js";
import { parseJson } from "../records/json-record.js";
import type { TenantKeys } from "../records/keys.js";
import type { StoredSource } from "../records/stored-records.js";
import { quantise } from "../segment/quantise.js";
import { encodeRows } from "../segment/rows-codec.js";
import type { IndexGuard } from "../state/index-maker.js";
import { pacer } from "../state/pacer.js";
import { storedGeneration } from "../state/refresh-state.js";
import { runPaced } from "../state/run-paced.js";
import { reading } from "../store/reading.js";
import type { Store } from "../store/store.js";
import { eachItem } from "./each-item.js";
import { embedTexts } from "./embed-texts.js";
import { LanguageCount } from "./language-note.js";
import { type PreparedSource, prepareSource } from "./prepare-source.js";
import type { VectorCache } from "./vector-cache.js";
import { WorkQueue } from "./work-queue.js";
import {
  type PassageChange,
  passageChange,
  removeSources,
  type SourceBytes,
  storedSource,
  writeSource,
} from "./write-sources.js";

/** Passages that may wait for the embedder before reading pauses, and that go to it together. */
const passagesAtOnce = 512;
/** Sources that are written one by one before the others go in groups: a short list shows early. */
const eagerSources = 16;
/** Sources, and passages, of one transaction: whole sources only. */
const sourcesPerWrite = 64;
const passagesPerWrite = 256;

const known = {
  removeMissing: true,
  signal: true,
  onProgress: true,
  dryRun: true,
  call: true,
} satisfies Readonly<Record<keyof SyncOptions, true>>;

/** Options of {@link syncSources}. */
export interface SyncSetup {
  items: AsyncIterable<SourceInput> | Iterable<SourceInput>;
  options: SyncOptions;
  tenant: string;
  keys: TenantKeys;
  store: Store;
  guard: IndexGuard;
  embedder: Embedder | undefined;
  cache: VectorCache | undefined;
  splitter: Splitter;
  /** Made ready before the first source is cut. */
  ready: (signal: AbortSignal | undefined) => Promise<void>;
  analyzer: Analyzer;
  metadata: MetadataSchema | undefined;
  /** Whether there is a link leg. */
  links: boolean;
  runtime: Runtime;
}

/**
 * Takes sources in. While the embedder works on some, the next ones are read, and wait to go to it together; each
 * source is written whole, in the order of the list.
 */
export async function syncSources(setup: SyncSetup): Promise<SyncReport> {
  const { items, options, tenant, keys, store, guard, embedder, cache, runtime } = setup;
  checkKeys("sync", options, Object.keys(known));
  const { dryRun = false, removeMissing = false, onProgress } = options;
  const signal = options.signal ?? options.call?.signal;
  const named = new Set<SourceId>();
  const added: SourceId[] = [];
  const updated: SourceId[] = [];
  const failed: FailedSync[] = [];
  const notes: Note[] = [];
  const passages = { added: 0, removed: 0, kept: 0 };
  const languages = new LanguageCount();
  const planned = new Set<string>();
  const before = reading(store, (reader) => storedGeneration(reader, keys));
  let [unchanged, done, embedded, cached, tokens, usage] = [0, 0, 0, 0, 0, noUsage];

  const progress = (phase: SyncProgress["phase"], source?: SourceId, pending = 0): void =>
    onProgress?.({ phase, source, sourcesDone: done, sourcesSeen: named.size, embedded, pending });

  /** Vectors that the sources still need, each text once. */
  const missingTexts = async (sources: readonly PreparedSource[]): Promise<Map<string, string>> => {
    const missing = new Map<string, string>();
    if (cache === undefined) return missing;
    const seen = new Set<string>();
    const pace = pacer(signal);
    for (const source of sources) {
      for (const passage of source.passages) {
        const text = embeddingText(passage);
        const key = cache.keyOf(text);
        if (seen.has(key)) continue;
        seen.add(key);
        if (planned.has(key) || reading(store, (reader) => cache.has(reader, key))) cached++;
        else missing.set(key, text);
        await pace.pace();
      }
    }
    return missing;
  };

  const embed = async (sources: readonly PreparedSource[]): Promise<void> => {
    const missing = await missingTexts(sources);
    if (embedder === undefined || cache === undefined || missing.size === 0) return;
    const count = await embedder.tokenCounter({ signal, call: options.call });
    const pace = pacer(signal);
    const { id, maxTokens } = embedder.fingerprint;
    let tooLong = 0;
    for (const text of missing.values()) {
      const counted = count(text);
      tokens += counted;
      if (counted > maxTokens) tooLong++;
      await pace.pace();
    }
    if (dryRun) {
      for (const key of missing.keys()) planned.add(key);
      embedded += missing.size;
      return;
    }
    await guard.probe(signal);
    const [first] = sources;
    progress("embed", first?.id, missing.size);
    const start = embedded;
    const result = await embedTexts({
      texts: missing,
      embedder,
      store,
      cache,
      mark: guard.mark,
      signal,
      call: options.call,
      onProgress: (finished) => {
        embedded = start + finished;
        progress("embed", first?.id, missing.size - finished);
      },
    });
    usage = addUsage(usage, result.usage);
    notes.push(...result.notes);
    if (tooLong > 0 && !result.notes.some(({ code }) => code === "cut")) {
      const message = `${tooLong} texts are longer than the ${maxTokens} tokens that ${id} sees; dense search knows their beginnings alone.`;
      notes.push(note("cut", message, { texts: tooLong, maxTokens }));
    }
  };

  const vectorKeysOf = ({ passages }: PreparedSource): string[] =>
    cache === undefined ? [] : passages.map((passage) => cache.keyOf(embeddingText(passage)));

  /** The bytes of a source's rows, with its vectors from the cache; undefined when one is no longer there. */
  const rowsOf = (source: PreparedSource): Uint8Array | undefined => {
    if (embedder === undefined || cache === undefined) return encodeRows(source.rows);
    const vectorKeys = vectorKeysOf(source);
    const found = reading(store, (reader) => vectorKeys.map((key) => cache.get(reader, key)));
    const vectors = found.filter((vector) => vector !== undefined);
    if (vectors.length < found.length) return undefined;
    return encodeRows({ ...source.rows, vectors: quantise(vectors, embedder.fingerprint.dimensions, vectorKeys) });
  };

  const report = (source: PreparedSource, change: PassageChange): void => {
    (change.isNew ? added : updated).push(source.id);
    passages.added += change.added;
    passages.removed += change.removed;
    passages.kept += change.kept;
    notes.push(...source.notes);
    done++;
  };

  /** Embeds what the sources need and writes them, in their order. */
  const take = async (sources: readonly PreparedSource[]): Promise<void> => {
    await embed(sources);
    for (const group of groupsOf(sources)) {
      signal?.throwIfAborted();
      progress("write", group[0]?.id);
      const changes = dryRun
        ? reading(store, (reader) => group.map((source) => passageChange(reader, keys, source)))
        : await writeGroup(group);
      for (const [index, source] of group.entries()) report(source, changes[index]!);
      await new Promise(setImmediate);
    }
  };
  const writeGroup = async (group: readonly PreparedSource[]): Promise<PassageChange[]> => {
    for (;;) {
      const changes = await tryGroup(group);
      if (changes !== undefined) return changes;
      // another process erased, between the embedding and now, what nobody needed yet
      await embed(group);
    }
  };
  const tryGroup = async (group: readonly PreparedSource[]): Promise<PassageChange[] | undefined> => {
    const pace = pacer(signal);
    const bytes: SourceBytes[] = [];
    for (const source of group) {
      const names = setup.links ? encodeNames(await runPaced(namesOf(source.passages), pace)) : undefined;
      const rows = rowsOf(source);
      if (rows === undefined) return undefined;
      bytes.push({ rows, names });
      await pace.pace();
    }
    return store.write((writer) => {
      guard.mark(writer);
      if (cache !== undefined && !group.every((source) => vectorKeysOf(source).every((key) => cache.has(writer, key))))
        return undefined;
      return group.map((source, index) => writeSource(writer, keys, tenant, source, bytes[index]!, runtime.now()));
    });
  };

  const queue = new WorkQueue({
    work: take,
    sizeOf: ({ passages: { length } }) => length + 1,
    most: passagesAtOnce,
    eager: eagerSources,
  });

  const look = async (item: ReadableSource): Promise<void> => {
    if (queue.holds(({ id }) => id === item.id)) await queue.idle();
    const stored = reading(store, (reader) => storedSource(reader, keys, item.id));
    if (stored?.record.version === item.version) {
      unchanged++;
      done++;
      return;
    }
    progress("read", item.id);
    await setup.ready(signal);
    const prepared = await prepareSource(item, {
      ...setup,
      dryRun,
      signal,
      call: options.call,
      onUsage: (spent) => {
        usage = addUsage(usage, spent);
      },
    });
    if ("failed" in prepared) {
      failed.push({ source: item.id, note: prepared.failed });
      done++;
      return;
    }
    if (languages.wants()) languages.add(prepared.text.text, prepared.text.language);
    await queue.put(prepared);
  };

  const pace = pacer(signal);
  const brokenOff = await eachItem(
    items,
    async (item) => {
      signal?.throwIfAborted();
      named.add(item.id);
      if ("failed" in item) {
        failed.push({ source: item.id, note: item.failed });
        done++;
      } else await look(item);
      await pace.pace();
    },
    () => queue.settled(),
    signal,
  );
  signal?.throwIfAborted();
  await queue.idle();
  if (brokenOff !== undefined) {
    if (named.size === 0) throw brokenOff.error;
    const message = `The list of sources broke off after ${named.size}: ${messageOf(brokenOff.error)} Nothing was removed.`;
    notes.push(note("listing-broke-off", message, { seen: named.size }));
  }

  const removed: SourceId[] = [];
  if (brokenOff === undefined && removeMissing !== false) {
    const isMissing = ({ record, written }: StoredSource): boolean =>
      !named.has(record.id) && written <= before && (removeMissing === true || removeMissing(record));
    const missing = (await storedSources(store, keys, signal)).filter(isMissing).map(({ record }) => record);
    missing.sort((a, b) => (a.id < b.id ? -1 : 1));
    for (let from = 0; from < missing.length; from += sourcesPerWrite) {
      signal?.throwIfAborted();
      const group = missing.slice(from, from + sourcesPerWrite);
      const change = dryRun
        ? plannedRemoval(group)
        : store.write((writer) => {
            guard.mark(writer);
            return removeSources(
              writer,
              keys,
              tenant,
              group.map(({ id }) => id),
            );
          });
      removed.push(...change.removed);
      passages.removed += change.passages;
    }
  }
  const language = embedder && languages.noteFor(embedder.fingerprint.id, embedder.languages);
  if (language !== undefined) notes.push(language);
  progress("done");
  const generation = reading(store, (reader) => storedGeneration(reader, keys));
  return { added, updated, unchanged, removed, failed, passages, embedded, cached, tokens, notes, usage, generation };
}

/** Every source as it is stored now. */
export async function storedSources(store: Store, keys: TenantKeys, signal?: AbortSignal): Promise<StoredSource[]> {
  const reader = store.reader();
  const pace = pacer(signal);
  try {
    const sources: StoredSource[] = [];
    for (const [key, value] of reader.range(keys.all("source"))) {
      sources.push(parseJson<StoredSource>(key, value));
      await pace.pace();
    }
    return sources;
  } finally {
    reader.done();
  }
}

const plannedRemoval = (group: readonly SourceRecord[]): { removed: string[]; passages: number } => ({
  removed: group.map(({ id }) => id),
  passages: group.reduce((sum, record) => sum + record.passages, 0),
});

function* groupsOf(sources: readonly PreparedSource[]): Generator<PreparedSource[]> {
  let group: PreparedSource[] = [];
  let size = 0;
  for (const source of sources) {
    if (group.length > 0 && (group.length >= sourcesPerWrite || size + source.passages.length > passagesPerWrite)) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(source);
    size += source.passages.length;
  }
  if (group.length > 0) yield group;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
