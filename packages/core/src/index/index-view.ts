import type { Scope } from "../scope/scope.js";
import type { Snapshot } from "./snapshot.js";

/** What an index can do. */
export interface IndexCapabilities {
  readonly lexical: boolean;
  readonly dense: boolean;
  readonly links: boolean;
}

/** Options of {@link IndexView.read}. */
export interface ReadViewOptions {
  readonly signal?: AbortSignal | undefined;
}

/** An index seen through a scope: the only thing one can search. */
export interface IndexView {
  readonly scope: Scope;
  readonly capabilities: IndexCapabilities;
  /** Hands one generation to `work`; the snapshot ends with it. */
  read<T>(work: (snapshot: Snapshot) => Promise<T>, options?: ReadViewOptions): Promise<T>;
}
