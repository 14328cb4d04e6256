import type { Block, Space } from "./code-arena.js";
import type { CodeRows } from "./code-rows.js";
import { scanPlain } from "./scan-plain.js";

/** Chosen rows of one block: what one thread scans at a time. */
export interface ScanTask {
  readonly segment: number;
  readonly rows: CodeRows;
  readonly block: number;
  /** Pairs: a row, counted from the first of the block, and how many are chosen from there. */
  readonly runs: readonly number[];
  /** Rows in all runs. */
  readonly count: number;
}

/** Words of a job's control, which threads share: these, then a word a task that says whether it is done, then the tasks. */
export const controlWords = { next: 0, count: 1, stride: 2, done: 3 } as const;
/** Words of a task there. */
export const taskWords = { space: 0, runs: 1, runsEnd: 2, query: 3, out: 4, length: 5 } as const;

const words = 4;

/**
 * One scan, cut into tasks that any thread may claim. Where a task's codes are in shared memory, its runs and sums are
 * put beside them, until {@link release}.
 */
export class ScanJob {
  readonly tasks: readonly ScanTask[];
  /** See {@link controlWords}. */
  readonly control: SharedArrayBuffer;
  /** Tasks that other threads may claim: the first ones. */
  readonly shared: number;
  readonly #words: Int32Array;
  readonly #query: Int16Array;
  readonly #scratch = new Map<Space, Block>();
  readonly #sums: Int32Array[] = [];
  #next: number;

  /** All tasks are of rows of one stride; `query` has a code a dimension. */
  constructor(tasks: readonly ScanTask[], query: Int16Array) {
    this.#query = query;
    const stride = tasks[0]?.rows.stride ?? 0;
    const bytes = new Map<Space, number>();
    for (const task of tasks) {
      const { space } = task.rows.blocks[task.block]!;
      if (space.wasm !== undefined)
        bytes.set(space, (bytes.get(space) ?? stride * 2) + (task.runs.length + task.count) * words);
    }
    for (const [space, size] of bytes) {
      const block = tasks[0]!.rows.arena.allocateIn(space, size);
      if (block !== undefined) this.#scratch.set(space, block);
    }
    const placed = (task: ScanTask): boolean => this.#scratch.has(task.rows.blocks[task.block]!.space);
    this.tasks = [...tasks.filter(placed), ...tasks.filter((task) => !placed(task))];
    this.shared = tasks.filter(placed).length;
    this.#next = this.shared;
    this.control = new SharedArrayBuffer((controlWords.done + this.shared * (1 + taskWords.length)) * words);
    this.#words = new Int32Array(this.control);
    this.#words[controlWords.count] = this.shared;
    this.#words[controlWords.stride] = stride;
    this.#place(stride);
  }

  /** The spaces that threads which help have to know. */
  get spaces(): readonly Space[] {
    return [...this.#scratch.keys()];
  }

  /** The next task that nobody has claimed, for this thread. */
  claim(): number | undefined {
    const next = Atomics.load(this.#words, controlWords.next);
    if (next < this.shared) {
      const claimed = Atomics.add(this.#words, controlWords.next, 1);
      if (claimed < this.shared) return claimed;
    }
    return this.#next < this.tasks.length ? this.#next++ : undefined;
  }

  /** Computes the sums of a task; to do it twice does no harm. */
  scan(task: number): void {
    const { rows, block, runs, count } = this.tasks[task]!;
    if (task >= this.shared) {
      this.#sums[task] = new Int32Array(count);
      scanPlain(rows.view(block), runs, rows.stride, this.#query, this.#sums[task]!);
      return;
    }
    const { kernel } = rows.blocks[block]!.space.wasm!;
    const { runs: from, runsEnd, query, out } = taskWords;
    const at = this.#at(task);
    const word = (index: number): number => this.#words[at + index]!;
    kernel(word(from), word(runsEnd), rows.stride, word(query), word(out));
    Atomics.store(this.#words, controlWords.done + task, 1);
  }

  /** Whether every shared task is done. */
  get isDone(): boolean {
    for (let task = 0; task < this.shared; task++) if (!this.isTaskDone(task)) return false;
    return true;
  }

  isTaskDone(task: number): boolean {
    return Atomics.load(this.#words, controlWords.done + task) === 1;
  }

  /** The dot products of a task that is done, in the order of its runs. */
  sums(task: number): Int32Array {
    const { rows, block, count } = this.tasks[task]!;
    if (task >= this.shared) return this.#sums[task]!;
    const out = this.#words[this.#at(task) + taskWords.out]! >>> 0;
    return new Int32Array(rows.blocks[block]!.space.buffer, out, count);
  }

  /** Nothing is claimed after it. */
  stop(): void {
    Atomics.store(this.#words, controlWords.next, this.shared);
  }

  /** Gives back the memory beside the codes; no thread may work on the job any more. */
  release(): void {
    for (const block of this.#scratch.values()) this.tasks[0]!.rows.arena.free(block);
    this.#scratch.clear();
  }

  /** Lays out in each space the query, then of each task the runs and room for its sums. */
  #place(stride: number): void {
    const ends = new Map<Space, { query: number; end: number }>();
    for (const [space, { at }] of this.#scratch) {
      const codes = new Int16Array(space.buffer, at, stride);
      codes.fill(0);
      codes.set(this.#query);
      ends.set(space, { query: at, end: at + stride * 2 });
    }
    for (let task = 0; task < this.shared; task++) {
      const { rows, block, runs, count } = this.tasks[task]!;
      const { space, at } = rows.blocks[block]!;
      const place = ends.get(space)!;
      const table = new Uint32Array(space.buffer, place.end, runs.length);
      for (let i = 0; i < runs.length; i += 2) {
        table[i] = at + runs[i]! * stride;
        table[i + 1] = runs[i + 1]!;
      }
      const from = place.end;
      const out = from + runs.length * words;
      place.end = out + count * words;
      this.#words.set([space.number, from, out, place.query, out], this.#at(task));
    }
  }

  #at(task: number): number {
    return controlWords.done + this.shared + task * taskWords.length;
  }
}
