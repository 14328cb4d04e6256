/** A consistent state of a {@link Store}. Keys are ASCII texts, ordered by code unit. */
export interface StoreReader {
  /** The value, in memory of its own; undefined for a key that is not there. */
  get(key: string): Uint8Array | undefined;
  /** Every entry whose key begins with the prefix, in the order of the keys. */
  range(prefix: string): Iterable<readonly [key: string, value: Uint8Array]>;
}

/** A reader that holds its state until it is done, whatever is written meanwhile. */
export interface HeldReader extends StoreReader {
  done(): void;
}

/** The inside of a transaction: reads see its own writes. */
export interface StoreWriter extends StoreReader {
  put(key: string, value: Uint8Array): void;
  remove(key: string): void;
}

/** What {@link Store.scrub} did. */
export interface Scrubbed {
  /** Bytes overwritten. */
  readonly bytes: number;
  /** Processes that still read an older state; while they do, its bytes have to stay. Empty when all was done. */
  readonly heldBy: readonly number[];
}

/** Options of {@link Store.scrub}. */
export interface ScrubOptions {
  /** How long to wait for readers of older states, in milliseconds. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Ordered keys and values with transactions: what an index stands on. */
export interface Store {
  readonly readOnly: boolean;
  /** Holds the newest state. @throws ClewError `closed` */
  reader(): HeldReader;
  /**
   * Runs one transaction; all of it is durable when this returns, or nothing of it when it throws.
   *
   * @throws what `work` threw; ClewError `storage-failed`, `closed`
   */
  write<T>(work: (writer: StoreWriter) => T): T;
  /**
   * Leaves no byte of what was removed, or written over, before the last two transactions.
   *
   * @throws ClewError `storage-failed`, `index-damaged`, `closed`; the signal's reason
   */
  scrub(options: ScrubOptions): Promise<Scrubbed>;
  close(): Promise<void>;
}
