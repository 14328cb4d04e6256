/** Time, identity and chance, handed in so that a run can be repeated exactly. */
export interface Runtime {
  /** Milliseconds since 1970. */
  now(): number;
  /** A fresh identity. */
  id(): string;
  /** A number in [0, 1). */
  random(): number;
  /** 128 random bits, as 32 hexadecimal digits, that nobody can guess. @default from the system's generator of keys */
  salt?: (() => string) | undefined;
  /** Waits, or rejects with the signal's reason when it is aborted. @default a timer */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** The only place that touches the clock and the dice. */
export const systemRuntime: Runtime = Object.freeze({
  now: () => Date.now(),
  id: () => globalThis.crypto.randomUUID(),
  random: () => Math.random(),
});
