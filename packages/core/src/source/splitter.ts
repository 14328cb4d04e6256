import type { Passage } from "./passage.js";
import type { SourceText } from "./source-text.js";

/** Cuts a source text into passages with exact spans. */
export interface Splitter {
  /** Says everything that decides where it cuts; an index made by another splitter is refused. */
  readonly fingerprint: string;
  split(text: SourceText): readonly Passage[] | Promise<readonly Passage[]>;
}
