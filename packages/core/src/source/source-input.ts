import type { Note } from "../run/note.js";
import type { SourceId } from "./source.js";
import type { SourceText } from "./source-text.js";

/** One source on its way into an index: known by id and version, read only when the version is new. */
export type SourceInput = ReadableSource | FailedSource;

/** A source that can be read. */
export interface ReadableSource {
  readonly id: SourceId;
  /** Compared with the stored version; an equal one means that `read` is never called. */
  readonly version: string;
  /**
   * @throws ClewError `unreadable-source` when the content is broken; the sync reports it and goes on
   */
  read(options: { readonly signal?: AbortSignal | undefined }): Promise<ReadResult>;
}

/** A source that is known to exist but could not be opened; it removes nothing. */
export interface FailedSource {
  readonly id: SourceId;
  readonly failed: Note;
}

/** What reading gave. */
export interface ReadResult {
  readonly text: SourceText;
  /** What was dropped, guessed or skipped on the way. */
  readonly notes: readonly Note[];
}
