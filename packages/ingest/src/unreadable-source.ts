import { ClewError } from "@clew/core";

/** Options of {@link unreadableSource}. */
export interface UnreadableSourceOptions {
  /** File name or address as the user knows it. */
  readonly name: string;
  /** What is wrong, as a clause that follows "because". */
  readonly because: string;
  /** What the user can do, as a sentence. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** The one error for content that no reader can make text of: `unreadable-source`, saying what to do. */
export function unreadableSource({ name, because, remedy, cause }: UnreadableSourceOptions): ClewError {
  const message = `"${name}" cannot be read because ${because}. ${remedy}`;
  return new ClewError("unreadable-source", message, cause === undefined ? undefined : { cause });
}
