import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  ClewError,
  checkKeys,
  invalidOption,
  type Note,
  note,
  positiveInteger,
  type Reader,
  type SourceInput,
  type SourceRecord,
} from "@clew/core";
import { defaultReaders } from "../default-readers.js";
import { fileInput } from "./file-input.js";
import type { FilesOptions } from "./file-options.js";
import { findBase, findRoots, isWithin, posixPath, type Root } from "./find-roots.js";
import { walk } from "./walk.js";

/** Files as sources: iterate it, or hand it to `index.sync`. Each iteration lists the folders anew. */
export interface FileSources extends AsyncIterable<SourceInput> {
  /**
   * Whether a stored source comes from these paths, for `removeMissing: sources.covers`: its `uri` is a file that the
   * paths (and glob) name, in a folder that could be listed. False for all until an iteration has listed everything.
   */
  readonly covers: (source: Pick<SourceRecord, "uri">) => boolean;
  /** What the last iteration left out on purpose: binary files, links that lead out, patterns without a match. */
  readonly notes: readonly Note[];
}

const known = {
  readers: true,
  base: true,
  cwd: true,
  maxBytes: true,
  version: true,
  ignoreFiles: true,
  exclude: true,
  hidden: true,
  metadata: true,
  access: true,
  onListed: true,
  signal: true,
} satisfies Readonly<Record<keyof FilesOptions, true>>;

const defaultMaxBytes = 50 * 1024 * 1024;

/**
 * Files, folders and globs as sources, in the order of their ids by code unit.
 *
 * A source's id is its path relative to `base`, with `/`; its uri a `file:` URL; its version `reader id:hash of the
 * bytes`; its metadata `path` (the id), `folder` and `modified` (ISO 8601, not part of the version). A reader is chosen
 * by the name's ending, else by what the first bytes look like; text of an unknown kind is read as text, binary data is
 * skipped and counted in `notes`. A file that cannot be used is yielded as failed, with the reason, and the rest goes
 * on. Ignore files are honoured, those of parent folders up to the Git repository's included; `node_modules`, `.git`,
 * `.clew` and hidden files are left out, unless named as a path. Links are followed inside the path given.
 *
 * @throws ClewError on iteration: `not-found` for a path that does not exist, `nothing-to-do` when no file is left
 * @throws ClewError `invalid-option`
 */
export function files(paths: string | readonly string[], options: FilesOptions = {}): FileSources {
  const given = typeof paths === "string" ? [paths] : [...paths];
  if (given.length === 0 || given.some((one) => typeof one !== "string" || one === "")) {
    throw invalidOption("paths", "one path or glob, or several", paths);
  }
  checkKeys("files", options, Object.keys(known));
  const { version = "content" } = options;
  if (version !== "content" && version !== "stat") throw invalidOption("version", '"content" or "stat"', version);
  const maxBytes = positiveInteger("maxBytes", options.maxBytes ?? defaultMaxBytes);
  const readers = options.readers ?? defaultReaders();
  if (readers.length === 0) throw invalidOption("readers", "at least one reader");

  let covers: FileSources["covers"] = () => false;
  let notes: Note[] = [];

  async function* list(): AsyncGenerator<SourceInput, void, undefined> {
    const { signal, onListed } = options;
    signal?.throwIfAborted();
    covers = () => false;
    notes = [];
    const cwd = path.resolve(options.cwd ?? process.cwd());
    const roots = await findRoots(given, cwd);
    const base = await findBase(roots, options.base, cwd);
    const found = await walk(roots, {
      base,
      ignoreFiles: options.ignoreFiles ?? [".gitignore", ".clewignore"],
      exclude: options.exclude ?? [],
      hidden: options.hidden ?? false,
      onListed,
      signal,
    });
    notes.push(...found.notes);
    for (const { given: pattern, matches } of roots) {
      if (matches === undefined || found.files.some((file) => isMeant(roots, file.path, pattern))) continue;
      notes.push(note("source-skipped", `The pattern "${pattern}" matched no file.`, { pattern }));
    }
    if (found.files.length === 0 && found.closed.length === 0) throw nothingToDo(given, readers, notes);
    onListed?.({ files: found.files.length, skipped: found.notes.length + found.closed.length, done: true });

    for (const { id, note: failed } of found.closed) yield { id, failed };
    const binary: string[] = [];
    let yielded = found.closed.length;
    for (const file of found.files) {
      signal?.throwIfAborted();
      const input = await fileInput(file, { readers, version, maxBytes, options });
      if (input === undefined) binary.push(file.id);
      else {
        yielded++;
        yield input.source;
        input.release();
      }
    }
    if (binary.length > 0) notes.push(binaryNote(binary));
    if (yielded === 0) throw nothingToDo(given, readers, notes);
    const closed = found.closed.map((one) => one.path);
    covers = ({ uri }) => {
      const target = filePath(uri);
      return target !== undefined && isMeant(roots, target) && !closed.some((folder) => isWithin(folder, target));
    };
  }

  return {
    [Symbol.asyncIterator]: list,
    covers: (source) => covers(source),
    get notes() {
      return notes;
    },
  };
}

/** Whether a file belongs to one of the roots (or to the one given as `pattern`). */
function isMeant(roots: readonly Root[], target: string, pattern?: string): boolean {
  return roots.some((root) => {
    if (pattern !== undefined && root.given !== pattern) return false;
    if (root.kind === "file") return root.path === target;
    if (!isWithin(root.path, target)) return false;
    return root.matches === undefined || root.matches(posixPath(root.path, target));
  });
}

function filePath(uri: string | undefined): string | undefined {
  if (uri === undefined || !uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // a file: URL of another platform or host names no file here
    return undefined;
  }
}

function binaryNote(ids: readonly string[]): Note {
  const shown = ids.slice(0, 5).join(", ");
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : "";
  const what = ids.length === 1 ? "1 file was" : `${ids.length} files were`;
  const message = `${what} left out, being empty or of a binary kind that no reader reads: ${shown}${more}.`;
  return note("source-skipped", message, { files: ids.length, first: ids.slice(0, 100) });
}

function nothingToDo(given: readonly string[], readers: readonly Reader[], notes: readonly Note[]): ClewError {
  const endings = [...new Set(readers.flatMap(({ extensions }) => extensions))].sort().join(" ");
  const left = notes.map(({ message }) => ` ${message}`).join("");
  const where = given.map((one) => `"${one}"`).join(", ");
  return new ClewError(
    "nothing-to-do",
    `There is no file to read in ${where} (ignored and hidden files left out).${left} Files of these kinds are read: ${endings}, and any text.`,
  );
}
