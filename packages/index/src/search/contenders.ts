/**
 * Rows that may be among the best k, judged by bounds of their scores. Offered in any order, taken by upper bound
 * downwards; numbers in arrays, no object a row.
 */
export class Contenders {
  /** The k best lower bounds in a heap whose root is the least of them. */
  readonly #lowers: Float64Array;
  #kept = 0;
  readonly #segments: number[] = [];
  readonly #rows: number[] = [];
  readonly #uppers: number[] = [];
  /** Numbers of contenders in a heap whose root has the highest upper bound. */
  #heap: Uint32Array | undefined;
  #size = 0;

  constructor(private readonly k: number) {
    this.#lowers = new Float64Array(k);
  }

  /** What k rows score at least; a row whose upper bound is below it is not among the best. */
  floor = Number.NEGATIVE_INFINITY;

  /** Takes in a row whose upper bound is not below the floor. */
  offer(segment: number, row: number, lower: number, upper: number): void {
    this.#segments.push(segment);
    this.#rows.push(row);
    // bounds of overflown numbers bound nothing
    this.#uppers.push(Number.isNaN(upper) ? Number.POSITIVE_INFINITY : upper);
    if (lower > this.floor) this.#raise(lower);
  }

  /** The next row by upper bound; undefined when no row is left that could be among the best. */
  next(): { readonly segment: number; readonly row: number; readonly upper: number } | undefined {
    this.#heap ??= this.#arrange();
    if (this.#size === 0) return undefined;
    const at = this.#heap[0]!;
    this.#heap[0] = this.#heap[--this.#size]!;
    this.#sink(this.#heap, 0);
    return { segment: this.#segments[at]!, row: this.#rows[at]!, upper: this.#uppers[at]! };
  }

  #raise(lower: number): void {
    const heap = this.#lowers;
    let at = 0;
    if (this.#kept < this.k) {
      at = this.#kept++;
      for (let parent = (at - 1) >> 1; at > 0 && heap[parent]! > lower; at = parent, parent = (at - 1) >> 1)
        heap[at] = heap[parent]!;
    } else {
      for (;;) {
        let child = 2 * at + 1;
        if (child >= this.k) break;
        if (child + 1 < this.k && heap[child + 1]! < heap[child]!) child++;
        if (heap[child]! >= lower) break;
        heap[at] = heap[child]!;
        at = child;
      }
    }
    heap[at] = lower;
    if (this.#kept === this.k) this.floor = heap[0]!;
  }

  #arrange(): Uint32Array {
    const heap = new Uint32Array(this.#uppers.length);
    for (let at = 0; at < heap.length; at++) if (this.#uppers[at]! >= this.floor) heap[this.#size++] = at;
    for (let at = (this.#size >> 1) - 1; at >= 0; at--) this.#sink(heap, at);
    return heap;
  }

  #sink(heap: Uint32Array, from: number): void {
    const uppers = this.#uppers;
    const sunk = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && uppers[heap[child + 1]!]! > uppers[heap[child]!]!) child++;
      if (uppers[heap[child]!]! <= uppers[sunk]!) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = sunk;
  }
}
