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
  close(): Promise<void>;
}
