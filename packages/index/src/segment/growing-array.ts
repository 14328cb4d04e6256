type Numbers = Uint32Array | Float32Array | Float64Array | Int8Array | Uint8Array;

/** A typed array that grows by doubling. */
export class GrowingArray<T extends Numbers> {
  #items: T;
  length = 0;

  constructor(private readonly make: (length: number) => T) {
    this.#items = make(1024);
  }

  push(value: number): void {
    this.#reserve(1);
    this.#items[this.length++] = value;
  }

  append(values: T): void {
    this.#reserve(values.length);
    this.#items.set(values, this.length);
    this.length += values.length;
  }

  /** What was pushed, in an array of its length. */
  done(): T {
    return this.#items.slice(0, this.length) as T;
  }

  at(index: number): number {
    return this.#items[index]!;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#items.length) return;
    const larger = this.make(Math.max(this.#items.length * 2, this.length + count));
    larger.set(this.#items);
    this.#items = larger;
  }
}
