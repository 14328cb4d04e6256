const quickMs = 10;

/** Options of {@link WorkQueue}. */
export interface WorkQueueOptions<T> {
  /** Works on all that waited, together. */
  work: (items: readonly T[]) => Promise<void>;
  sizeOf: (item: T) => number;
  /** Size that may wait before `put` does. */
  most: number;
  /** Items at the beginning that are each finished, if that is quick, before the next is taken. */
  eager: number;
}

/**
 * Lets work go on while more comes in: what arrives meanwhile waits, and is worked on together. After the first failure
 * nothing is worked on any more, and every call fails with it.
 */
export class WorkQueue<T> {
  #waiting: T[] = [];
  #active: readonly T[] = [];
  #size = 0;
  #seen = 0;
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly options: WorkQueueOptions<T>) {}

  /** Hands an item in; returns when it is done, or the work on it takes its time and there is room for more. */
  async put(item: T): Promise<void> {
    this.#assertWell();
    this.#waiting.push(item);
    this.#size += this.options.sizeOf(item);
    this.#running ??= this.#run();
    while (this.#running !== undefined && this.#size >= this.options.most) await this.#running;
    if (this.#seen++ < this.options.eager) {
      await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, quickMs))]);
    }
    this.#assertWell();
  }

  /** Whether such an item waits or is worked on. */
  holds(matches: (item: T) => boolean): boolean {
    return this.#waiting.some(matches) || this.#active.some(matches);
  }

  /** When all is done. @throws what the work threw */
  async idle(): Promise<void> {
    await this.settled();
    this.#assertWell();
  }

  /** When nothing runs any more, well or not. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Never rejects: a failure is kept for the next call. */
  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        this.#active = this.#waiting;
        this.#waiting = [];
        this.#size = 0;
        await this.options.work(this.#active);
      }
    } catch (error) {
      this.#failure = { error };
      this.#waiting = [];
    } finally {
      this.#active = [];
      this.#running = undefined;
    }
  }

  #assertWell(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
