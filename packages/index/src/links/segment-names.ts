import { maxMentionWords } from "@clew/core/text";
import { type KeyTable, keyTable } from "./key-table.js";
import { longerName } from "./name-hash.js";
import { opens, type PassageNames } from "./passage-names.js";

/** The link leg of one segment. */
export interface SegmentNames {
  /** Title and heading keys that rows bear. */
  readonly borne: KeyTable;
  /** Names in titles and texts. */
  readonly entities: KeyTable;
  /** Keys of titles found in the texts, overlapping ones too, in the order of their places. */
  readonly mentioned: KeyTable;
  /** For each entry of `mentioned.keys`: the word at which it begins, and how many it takes. */
  readonly places: Uint32Array;
  readonly spans: Uint8Array;
  /** 16 bits of each word at which a mention may begin, row after row as `firstStarts` says: finds rows that a new title concerns. */
  readonly firstStarts: Uint32Array;
  readonly firsts: Uint16Array;
  /** How many batches of keys were looked for in the texts. */
  joined: number;
}

/** Where a key was found. */
export interface FoundKey {
  readonly key: number;
  readonly place: number;
  readonly span: number;
}

/** Finds keys among the words of a text, overlapping ones too, in the order of their places, the shorter first. */
export function findKeys(words: Int32Array, keys: { has(key: number): boolean }): FoundKey[] {
  const found: FoundKey[] = [];
  for (let place = 0; place < words.length; place++) {
    if ((words[place]! & opens) === 0) continue;
    let key = 0;
    for (let span = 1; span <= maxMentionWords && place + span <= words.length; span++) {
      key = longerName(key, words[place + span - 1]! & ~opens);
      if (keys.has(key)) found.push({ key, place, span });
    }
  }
  return found;
}

/** 16 bits of a word, for {@link SegmentNames.firsts}. */
export const firstBits = (word: number): number => (word >>> 1) & 0xffff;

/** Collects what the rows of a segment hold, in their order. */
export class SegmentNamesBuilder {
  readonly #borne = new Rows();
  readonly #entities = new Rows();
  readonly #mentioned = new Rows();
  readonly #places: number[] = [];
  readonly #spans: number[] = [];
  readonly #firsts = new Rows();

  add(
    borne: readonly number[],
    { entities, words }: Pick<PassageNames, "entities" | "words">,
    found: readonly FoundKey[],
  ): void {
    this.#borne.add(borne);
    this.#entities.add(entities);
    this.#firsts.add(Array.from(words).flatMap((word) => ((word & opens) === 0 ? [] : [firstBits(word)])));
    this.#mentioned.add(found.map(({ key }) => key));
    for (const { place, span } of found) {
      this.#places.push(place);
      this.#spans.push(span);
    }
  }

  /** A row that is deleted, or whose source has no passages left. */
  addNothing(): void {
    for (const rows of [this.#borne, this.#entities, this.#mentioned, this.#firsts]) rows.add([]);
  }

  finish(joined: number): SegmentNames {
    return {
      borne: this.#borne.table(),
      entities: this.#entities.table(),
      mentioned: this.#mentioned.table(),
      places: Uint32Array.from(this.#places),
      spans: Uint8Array.from(this.#spans),
      firstStarts: this.#firsts.starts(),
      firsts: Uint16Array.from(this.#firsts.values),
      joined,
    };
  }
}

/** The same names with what was found later: rows that `more` names get its keys as well. */
export function withMentions(
  names: SegmentNames,
  more: ReadonlyMap<number, readonly FoundKey[]>,
  joined: number,
): SegmentNames {
  if (more.size === 0) return { ...names, joined };
  const mentioned = new Rows();
  const places: number[] = [];
  const spans: number[] = [];
  for (let row = 0; row + 1 < names.mentioned.starts.length; row++) {
    const here = [...mentionsAt(names, row), ...(more.get(row) ?? [])];
    if (more.has(row)) here.sort((a, b) => a.place - b.place || a.span - b.span);
    mentioned.add(here.map(({ key }) => key));
    for (const { place, span } of here) {
      places.push(place);
      spans.push(span);
    }
  }
  return {
    ...names,
    mentioned: mentioned.table(),
    places: Uint32Array.from(places),
    spans: Uint8Array.from(spans),
    joined,
  };
}

/** What was found in one row. */
export function mentionsAt({ mentioned: { starts, keys }, places, spans }: SegmentNames, row: number): FoundKey[] {
  const found: FoundKey[] = [];
  for (let i = starts[row]!; i < starts[row + 1]!; i++)
    found.push({ key: keys[i]!, place: places[i]!, span: spans[i]! });
  return found;
}

class Rows {
  readonly values: number[] = [];
  readonly #starts = [0];

  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.values.push(values[i]!);
    this.#starts.push(this.values.length);
  }

  starts(): Uint32Array {
    return Uint32Array.from(this.#starts);
  }

  table(): KeyTable {
    return keyTable(this.starts(), Int32Array.from(this.values));
  }
}
