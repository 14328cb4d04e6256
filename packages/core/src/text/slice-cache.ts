import { copyOf } from "./copy-of.js";

/** Open addressing by the hash of the key's code units. */
interface Generation {
  /** Two numbers a slot: the number of an entry, from 1 (0 for none), and its hash. */
  readonly slots: Int32Array;
  readonly keys: string[];
  readonly values: string[];
}

/**
 * A cache of strings by slices of a text: a slice that is known is found without making it. It has two generations:
 * when the younger is full, the older goes. Keys are copied, so that a short key never keeps the long text alive that it
 * was cut from.
 */
export class SliceCache {
  readonly #half: number;
  readonly #mask: number;
  #young: Generation;
  #old: Generation;

  /** @param capacity entries kept, at least half of them the most recently used */
  constructor(capacity: number) {
    this.#half = Math.max(1, Math.ceil(capacity / 2));
    let slots = 4;
    while (slots < this.#half * 2) slots *= 2;
    this.#mask = slots - 1;
    // tables grow with their entries: most analyzers see few words
    this.#young = generation(Math.min(slots, 1024));
    this.#old = generation(4);
  }

  /** The value of `text.slice(start, end)`. */
  get(text: string, start: number, end: number): string | undefined {
    const hash = hashOf(text, start, end);
    const young = find(this.#young, hash, text, start, end);
    if (young !== 0) return this.#young.values[young - 1];
    const old = find(this.#old, hash, text, start, end);
    if (old === 0) return undefined;
    const value = this.#old.values[old - 1]!;
    this.#put(this.#old.keys[old - 1]!, hash, value);
    return value;
  }

  /** Makes and keeps the value of `text.slice(start, end)`; `make` gets the slice in memory of its own. */
  make(text: string, start: number, end: number, make: (slice: string) => string): string {
    const key = copyOf(text.slice(start, end));
    const value = make(key);
    this.#put(key, hashOf(text, start, end), value);
    return value;
  }

  #put(key: string, hash: number, value: string): void {
    const { keys, slots } = this.#young;
    if (keys.length >= this.#half) {
      this.#old = this.#young;
      this.#young = generation(this.#mask + 1);
    } else if (keys.length * 4 >= slots.length && slots.length <= this.#mask * 2) {
      this.#young = larger(this.#young);
    }
    insert(this.#young, key, hash, value);
  }
}

const generation = (slots: number): Generation => ({
  slots: new Int32Array(slots * 2),
  keys: [],
  values: [],
});

function larger({ slots, keys, values }: Generation): Generation {
  const grown = generation(slots.length);
  for (const [entry, key] of keys.entries()) insert(grown, key, hashOf(key, 0, key.length), values[entry]!);
  return grown;
}

function insert({ slots, keys, values }: Generation, key: string, hash: number, value: string): void {
  const mask = slots.length - 1;
  let slot = (hash << 1) & mask;
  while (slots[slot] !== 0) slot = (slot + 2) & mask;
  slots[slot] = keys.push(key);
  slots[slot + 1] = hash;
  values.push(value);
}

/** Number of the entry; 0 for none. */
function find({ slots, keys }: Generation, hash: number, text: string, start: number, end: number): number {
  const mask = slots.length - 1;
  for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
    const entry = slots[slot]!;
    if (entry === 0) return 0;
    if (slots[slot + 1] === hash && equals(keys[entry - 1]!, text, start, end)) return entry;
  }
}

function equals(key: string, text: string, start: number, end: number): boolean {
  const { length } = key;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i++) if (key.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}

function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
