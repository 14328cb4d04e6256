import type { Call } from "../run/call.js";
import type { Note } from "../run/note.js";
import type { Usage } from "../run/usage.js";
import type { Passage } from "./passage.js";
import type { SourceText } from "./source-text.js";

/** What a sync hands to a splitter. A splitter that only cuts needs none of it. */
export interface SplitOptions {
  /** Whose source it is: what a splitter keeps for one tenant must not show in another. */
  readonly tenant?: string | undefined;
  /** Nothing may be spent: the passages only show what a sync would do. @default false */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The run that syncs: its meter is charged. */
  readonly call?: Call | undefined;
  /** Hears what was degraded; a sync puts it into its report. */
  readonly onNote?: ((note: Note) => void) | undefined;
  /** Hears what was spent in models; a sync adds it up. */
  readonly onUsage?: ((usage: Usage) => void) | undefined;
}

/** Cuts a source text into passages with exact spans. */
export interface Splitter {
  /** Says everything that decides where it cuts; an index made by another splitter is refused. */
  readonly fingerprint: string;
  split(text: SourceText, options?: SplitOptions): readonly Passage[] | Promise<readonly Passage[]>;
}
