import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";

/** Everything that decides which vector a text gets. Two embedders with equal fingerprints may share an index. */
export interface EmbedderFingerprint {
  /** Model string, with its revision where known. */
  readonly id: string;
  readonly dimensions: number;
  readonly pooling: "mean" | "cls" | "last" | "model";
  readonly normalised: boolean;
  /** Put before a query ("query: "), or an input type understood by the service. */
  readonly queryPrefix: string;
  readonly documentPrefix: string;
  /** Tokens after which a text is cut. */
  readonly maxTokens: number;
}

/** Options of {@link Embedder} calls. */
export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly call?: Call | undefined;
  /** Called as work proceeds, with the number of texts done so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** What embedding gave. */
export interface Embedded {
  /** One L2-normalised vector of `dimensions` a text, in their order. */
  readonly vectors: readonly Float32Array[];
  readonly usage: Usage;
  readonly notes: readonly Note[];
}

/** Turns texts into vectors. */
export interface Embedder {
  readonly fingerprint: EmbedderFingerprint;
  /** BCP 47 tags that it was made for; absent: unknown or all. */
  readonly languages?: readonly string[] | undefined;
  /** Price of what is embedded; absent: unknown, or nothing, as for a local model. */
  readonly usdPerMillionTokens?: number | undefined;
  /** Resolves to a function that counts the tokens of a text as this embedder does, without special tokens. */
  tokenCounter(options?: EmbedOptions): Promise<(text: string) => number>;
  /** @throws ClewError `embedder-failed` */
  embedDocuments(texts: readonly string[], options?: EmbedOptions): Promise<Embedded>;
  /** @throws ClewError `embedder-failed` */
  embedQuery(text: string, options?: EmbedOptions): Promise<Embedded>;
  /** Frees workers and memory. Calls after it fail with `closed`. */
  close(): Promise<void>;
}
