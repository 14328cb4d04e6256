import type { PassageId } from "@clew/core";

/** A row with its score. */
export interface ScoredRow {
  readonly segment: number;
  readonly row: number;
  readonly id: PassageId;
  readonly score: number;
}

/** Score downwards, then id by code unit: the order of `compareHits`. */
export function compareRows(a: ScoredRow, b: ScoredRow): number {
  if (a.score !== b.score) return b.score - a.score;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Keeps the best k of what it is offered, in a heap whose root is the worst of them. */
export class TopK {
  readonly #heap: ScoredRow[] = [];

  constructor(private readonly k: number) {}

  get isFull(): boolean {
    return this.#heap.length === this.k;
  }

  /** Score of the worst that is kept; below it nothing gets in. */
  get floor(): number {
    return this.isFull ? this.#heap[0]!.score : Number.NEGATIVE_INFINITY;
  }

  offer(candidate: ScoredRow): void {
    const heap = this.#heap;
    if (heap.length < this.k) {
      heap.push(candidate);
      this.#rise(heap.length - 1);
    } else if (compareRows(candidate, heap[0]!) < 0) {
      heap[0] = candidate;
      this.#sink();
    }
  }

  /** Best first. */
  sorted(): ScoredRow[] {
    return [...this.#heap].sort(compareRows);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (compareRows(heap[at]!, heap[parent]!) <= 0) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && compareRows(heap[child]!, heap[worst]!) > 0) worst = child;
      }
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst]!, heap[at]!];
      at = worst;
    }
  }
}
