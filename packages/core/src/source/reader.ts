import type { Metadata } from "./metadata.js";
import type { ReadResult } from "./source-input.js";

/** Bytes to be read, with what is known about them beforehand. */
export interface ReaderInput {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** File name or last part of the address, for the media type and a fallback title. */
  readonly name: string;
  readonly mediaType: string;
  readonly uri?: string | undefined;
  readonly version: string;
  readonly metadata: Metadata;
  readonly access?: readonly string[] | undefined;
}

/** Options of {@link Reader.read}. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Makes a source text of bytes of one or several media types. Add a format by writing one. */
export interface Reader {
  /** Short name with a version that changes when its output does, such as `markdown@1`: part of a source's version. */
  readonly id: string;
  /** IANA media types it reads. */
  readonly mediaTypes: readonly string[];
  /** File name endings it reads, lower case, with the dot. */
  readonly extensions: readonly string[];
  /**
   * @throws ClewError `unreadable-source` for content that is broken, encrypted, empty or not of its type
   */
  read(input: ReaderInput, options?: ReadOptions): Promise<ReadResult>;
}
