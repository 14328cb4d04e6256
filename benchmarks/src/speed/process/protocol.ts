import type { LegName } from "../systems/system.js";
import type { Memory } from "./memory.js";

/** What a child process is asked. One question at a time. */
export type Request =
  /** Builds; a system in memory stays open. */
  | { readonly ask: "build"; readonly corpus: string; readonly folder: string }
  /** Opens what another process built. */
  | { readonly ask: "open"; readonly corpus: string; readonly folder: string }
  | {
      readonly ask: "search";
      readonly leg: LegName;
      readonly queries: readonly number[];
      readonly k: number;
      readonly budgetMs: number;
    }
  /** What is held over what was held before building or opening. */
  | { readonly ask: "memory" };

/** What building or opening gave. */
export interface Ready {
  /** Milliseconds. */
  readonly ms: number;
  /** Milliseconds of processor time meanwhile, of all threads of the process. */
  readonly cpuMs: number;
  /** Whether it lives in this process and must not be ended. */
  readonly open: boolean;
}

/** One question answered. */
export interface Answered {
  /** Number of the question. */
  readonly query: number;
  /** Milliseconds of the search call alone. */
  readonly ms: number;
  /** Milliseconds of processor time meanwhile, of all threads of the process. */
  readonly cpuMs: number;
  readonly ids: readonly string[];
}

/** The reply to each {@link Request}. */
export interface Replies {
  readonly build: Ready;
  readonly open: Ready;
  /** Fewer than asked when the time was up. */
  readonly search: readonly Answered[];
  readonly memory: Memory;
}

/** What a child process sends back. */
export type Reply =
  | { readonly ok: true; readonly value: Replies[Request["ask"]] }
  | { readonly ok: false; readonly error: string };
