/**
 * A cache of strings in two generations: when the younger is full, the older goes. Keys are copied,
 * so that a short key never keeps the long text alive that it was cut from.
 */
export class BoundedCache {
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  /** @param capacity entries kept, at least half of them the most recently used */
  constructor(private readonly capacity: number) {}

  get(key: string): string | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#put(key, old);
    return old;
  }

  set(key: string, value: string): void {
    this.#put(copyOf(key), copyOf(value));
  }

  #put(key: string, value: string): void {
    if (this.#young.size * 2 >= this.capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}

/** The same string in memory of its own: engines let a slice keep its whole text. */
export function copyOf(text: string): string {
  let copy = "";
  for (let i = 0; i < text.length; i += 1024) {
    const codes: number[] = [];
    for (let j = i; j < Math.min(i + 1024, text.length); j++) codes.push(text.charCodeAt(j));
    copy += String.fromCharCode(...codes);
  }
  return copy;
}
