import type { Metadata, Reader } from "@clew/core";

/** A file as the walk found it. */
export interface FoundFile {
  /** Source id: POSIX path relative to the base. */
  readonly id: string;
  /** Absolute path in the notation of the platform. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** How far the walk is. */
export interface Listing {
  /** Files found so far that will be yielded. */
  readonly files: number;
  /** Files, folders and links left out so far; ignored and hidden ones are not counted. */
  readonly skipped: number;
  /** True once, when the whole tree is known and the first file is about to be read. */
  readonly done: boolean;
}

/** Options of {@link files}. */
export interface FilesOptions {
  /** Tried in order by extension, then by media type. @default defaultReaders() */
  readonly readers?: readonly Reader[] | undefined;
  /**
   * Folder that ids are relative to; every path must lie below it. Set it when the same files are reached through
   * different paths at different times. @default the one path given (a file's folder), or the deepest folder that holds all paths
   */
  readonly base?: string | undefined;
  /** Folder that relative paths begin at. @default process.cwd() */
  readonly cwd?: string | undefined;
  /** Larger files are reported and not read; in bytes. @default 52428800 (50 MiB) */
  readonly maxBytes?: number | undefined;
  /**
   * `content`: the version is a hash of the bytes, so every file is read once per listing. `stat`: size and time of
   * change, for trees too large for that; a change that keeps both goes unseen. @default "content"
   */
  readonly version?: "content" | "stat" | undefined;
  /** Names of ignore files, honoured in every folder; the last one wins. `[]` honours none. @default [".gitignore", ".clewignore"] */
  readonly ignoreFiles?: readonly string[] | undefined;
  /** Further patterns to leave out, in the notation of `.gitignore`, relative to each path given. @default [] */
  readonly exclude?: readonly string[] | undefined;
  /** Reads files and folders whose names begin with a dot; `.git` and `.clew` stay out. @default false */
  readonly hidden?: boolean | undefined;
  /** Adds metadata to that of the file (`path`, `folder`, `modified`); part of the version. */
  readonly metadata?: ((file: FoundFile) => Metadata) | undefined;
  /** Principals who may see a file; part of the version. @default everybody in the tenant */
  readonly access?: ((file: FoundFile) => readonly string[] | undefined) | undefined;
  /** Told while folders are listed, and once at the end. */
  readonly onListed?: ((listing: Listing) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
