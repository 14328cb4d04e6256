import type { SpeedCorpus, SpeedQuery } from "../corpus/speed-corpus.js";

/** What is searched: `lexical`, `dense`, `hybrid`, and whatever else a system has. */
export type LegName = string;

/** Answers one question with the ids of the best passages, best first; their texts are at hand, as a user would have them. */
export type SearchLeg = (query: SpeedQuery, k: number) => Promise<readonly string[]>;

/** A system that can be searched. */
export interface OpenSystem {
  readonly legs: Readonly<Record<LegName, SearchLeg>>;
  close(): Promise<void>;
}

/** A system under measurement: ours, or a peer. */
export interface System {
  /** For `--systems`, tables and plots. */
  readonly name: string;
  /** Packages whose versions are reported; none for ours. */
  readonly packages: readonly string[];
  readonly legs: readonly LegName[];
  /** Terms that the lexical leg compares; absent without one. */
  readonly analyzer?: string | undefined;
  /** What it does for a question, where that differs from the others. */
  readonly work: string;
  /** Loads its packages. */
  load(): Promise<MemorySystem | DiskSystem>;
}

/** Lives in the process that builds it. */
export interface MemorySystem {
  readonly keeps: "memory";
  build(corpus: SpeedCorpus): Promise<OpenSystem>;
}

/** Is built into a folder, and opened by another process. */
export interface DiskSystem {
  readonly keeps: "disk";
  build(corpus: SpeedCorpus, folder: string): Promise<void>;
  /** `queries` are those that will be asked: the vectors that an embedder would give. */
  open(folder: string, queries: readonly SpeedQuery[]): Promise<OpenSystem>;
}

/** How many passages each leg gives a hybrid that asks for a depth. */
export const hybridDepth = 100;
