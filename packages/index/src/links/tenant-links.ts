import { ClewError, type SourceRecord } from "@clew/core";
import type { TenantKeys } from "../records/keys.js";
import { unseal } from "../records/seal.js";
import type { Segment } from "../segment/segment.js";
import { pacer } from "../state/pacer.js";
import type { SourceEntry, TenantState } from "../state/tenant-state.js";
import type { StoreReader } from "../store/store.js";
import { decodeNames } from "./names-codec.js";
import type { PassageNames } from "./passage-names.js";
import {
  type FoundKey,
  findKeys,
  firstBits,
  type SegmentNames,
  SegmentNamesBuilder,
  withMentions,
} from "./segment-names.js";
import { type TitleHash, titleHashes } from "./title-hashes.js";

/** A source with more passages is named by its first one alone. */
const mostPassagesNamed = 10;

/** Keys that became known together, with the bits of their first words (see `firstBits`). */
interface KeyBatch {
  readonly keys: Set<number>;
  readonly firsts: Set<number>;
}

/**
 * The link leg of a tenant in memory. What the store holds of a source says nothing of other sources, so that a source is
 * written alone; which titles its texts mention is worked out here, once for each pair of source and title: a segment
 * when it is first asked for, and segments that were there before when titles come that nobody bore.
 */
export class TenantLinks {
  readonly #names = new WeakMap<Segment, SegmentNames>();
  readonly #known = new Set<number>();
  readonly #batches: KeyBatch[] = [];
  #working: Promise<unknown> = Promise.resolve();

  constructor(private readonly keys: TenantKeys) {}

  /** The link leg of each segment of a state. @throws ClewError `index-damaged`; the signal's reason */
  async of(state: TenantState, reader: StoreReader, signal: AbortSignal | undefined): Promise<readonly SegmentNames[]> {
    const ready = this.#ready(state);
    if (ready !== undefined) return ready;
    const mine = this.#working.then(() => this.#join(state, reader, signal));
    this.#working = mine.catch(() => undefined); // its caller's; the next one begins anew
    return mine;
  }

  /** What is known already of each segment of a state; undefined when something is missing. */
  #ready({ segments }: TenantState): readonly SegmentNames[] | undefined {
    const names = segments.map(({ segment }) => this.#names.get(segment));
    return names.every((known) => known !== undefined && known.joined === this.#batches.length)
      ? (names as SegmentNames[])
      : undefined;
  }

  async #join(
    state: TenantState,
    reader: StoreReader,
    signal: AbortSignal | undefined,
  ): Promise<readonly SegmentNames[]> {
    const pace = pacer(signal);
    const entries = bySegment(state);
    const read = new Map<Segment, Map<string, PassageNames[]>>();
    const fresh: KeyBatch = { keys: new Set(), firsts: new Set() };
    for (const { segment } of state.segments) {
      if (this.#names.has(segment)) continue;
      const names = new Map<string, PassageNames[]>();
      for (const [hash, { record }] of entries.get(segment) ?? []) {
        const source = this.#read(reader, hash, record);
        names.set(hash, source);
        for (const { key, first } of [...titleHashes(record.title), ...source.flatMap(headingHashes)]) {
          if (this.#known.has(key)) continue;
          fresh.keys.add(key);
          fresh.firsts.add(firstBits(first));
        }
        await pace.pace();
      }
      read.set(segment, names);
    }
    if (fresh.keys.size > 0) {
      for (const key of fresh.keys) this.#known.add(key);
      this.#batches.push(fresh);
    }
    for (const { segment } of state.segments) {
      const names = this.#names.get(segment);
      const sources = read.get(segment);
      if (sources !== undefined)
        this.#names.set(segment, await this.#build(segment, entries.get(segment), sources, pace));
      else if (names !== undefined && names.joined < this.#batches.length)
        this.#names.set(segment, await this.#catchUp(names, entries.get(segment), reader, pace));
    }
    return state.segments.map(({ segment }) => this.#names.get(segment)!);
  }

  #read(reader: StoreReader, hash: string, { id }: SourceRecord): PassageNames[] {
    const key = this.keys.one("names", hash);
    const sealed = reader.get(key);
    if (sealed === undefined) {
      throw new ClewError(
        "index-damaged",
        `The index is damaged: source "${id}" has no names. Delete its directory and sync again, or put back a copy of it.`,
      );
    }
    return decodeNames(unseal(key, sealed));
  }

  async #build(
    segment: Segment,
    entries: ReadonlyMap<string, SourceEntry> | undefined,
    sources: ReadonlyMap<string, readonly PassageNames[]>,
    pace: ReturnType<typeof pacer>,
  ): Promise<SegmentNames> {
    const builder = new SegmentNamesBuilder();
    for (let row = 0; row < segment.size; row++) {
      const hash = segment.sources[segment.owners[row]!]!;
      const entry = entries?.get(hash);
      const names = sources.get(hash)?.[segment.ordinals[row]!];
      if (entry === undefined || names === undefined) {
        builder.addNothing();
        continue;
      }
      const { title, passages } = entry.record;
      const named = passages <= mostPassagesNamed || segment.ordinals[row] === 0;
      const borne = [...(named ? titleHashes(title) : []), ...headingHashes(names)].map(({ key }) => key);
      builder.add(borne, names, findKeys(names.words, this.#known));
      await pace.pace();
    }
    return builder.finish(this.#batches.length);
  }

  /** Looks for the keys that came since, in the rows that have a word with which one of them begins. */
  async #catchUp(
    names: SegmentNames,
    entries: ReadonlyMap<string, SourceEntry> | undefined,
    reader: StoreReader,
    pace: ReturnType<typeof pacer>,
  ): Promise<SegmentNames> {
    const batches = this.#batches.slice(names.joined);
    const keys = new Set(batches.flatMap((batch) => [...batch.keys]));
    const firsts = new Set(batches.flatMap((batch) => [...batch.firsts]));
    const more = new Map<number, FoundKey[]>();
    for (const [hash, { first, record }] of entries ?? []) {
      await pace.pace();
      const to = names.firstStarts[first + record.passages]!;
      let concerned = false;
      for (let i = names.firstStarts[first]!; i < to && !concerned; i++) concerned = firsts.has(names.firsts[i]!);
      if (!concerned) continue;
      for (const [ordinal, { words }] of this.#read(reader, hash, record).entries()) {
        const found = findKeys(words, keys);
        if (found.length > 0) more.set(first + ordinal, found);
      }
    }
    return withMentions(names, more, this.#batches.length);
  }
}

const headingHashes = ({ headings }: PassageNames): TitleHash[] =>
  Array.from({ length: headings.length / 2 }, (_, i) => ({ key: headings[2 * i]!, first: headings[2 * i + 1]! }));

/** The sources of each segment, by hash. */
function bySegment({ sources }: TenantState): Map<Segment, Map<string, SourceEntry>> {
  const found = new Map<Segment, Map<string, SourceEntry>>();
  for (const [hash, entry] of sources) {
    if (entry.segment === undefined) continue;
    const entries = found.get(entry.segment) ?? new Map<string, SourceEntry>();
    if (entries.size === 0) found.set(entry.segment, entries);
    entries.set(hash, entry);
  }
  return found;
}
