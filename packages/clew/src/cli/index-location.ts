import { constants } from "node:fs";
import { access, mkdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { type Note, note } from "@clew/core";
import { contentHash } from "@clew/core/text";

/** Where an index lies, and why when it is not where one would look first. */
export interface IndexLocation {
  readonly directory: string;
  /** The common folder of the documents: ids of sources are relative to it, whatever part of it is named. */
  readonly base: string;
  readonly notes: readonly Note[];
}

/** Options of {@link indexLocation}. */
export interface IndexLocationOptions {
  /** Paths of documents; globs count as the folder before their first wildcard. */
  paths: readonly string[];
  /** Directory that the user named. @default `.clew` beside the documents */
  index?: string | undefined;
  /** Folder for indexes of documents that lie where nothing can be written. @default the user's cache folder */
  cache?: string | undefined;
}

/**
 * The index of these documents: `.clew` in their common folder; in the user's cache folder, with a note, where that
 * folder cannot be written.
 */
export async function indexLocation({
  paths,
  index,
  cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "clew"),
}: IndexLocationOptions): Promise<IndexLocation> {
  const base = commonFolder(await Promise.all(paths.map(folderOf)));
  if (index !== undefined) return { directory: resolve(index), base, notes: [] };
  const beside = join(base, ".clew");
  if (await canHold(beside, base)) return { directory: beside, base, notes: [] };
  const elsewhere = join(cache, contentHash(base).slice(0, 16));
  await mkdir(elsewhere, { recursive: true });
  return {
    directory: elsewhere,
    base,
    notes: [
      note("fell-back", `${base} cannot be written; the index is kept in ${elsewhere}.`, { directory: elsewhere }),
    ],
  };
}

const wildcard = /[*?[\]{}!()]/;

async function folderOf(path: string): Promise<string> {
  const parts = resolve(path).split(sep);
  const firstGlob = parts.findIndex((part) => wildcard.test(part));
  const plain = firstGlob < 0 ? resolve(path) : parts.slice(0, firstGlob).join(sep) || sep;
  try {
    return (await stat(plain)).isDirectory() ? plain : dirname(plain);
  } catch {
    return dirname(plain); // a missing path is reported by whoever reads it, by name
  }
}

function commonFolder(folders: readonly string[]): string {
  const [first = process.cwd(), ...others] = folders;
  let parts = first.split(sep);
  for (const other of others) {
    const theirs = other.split(sep);
    const differs = parts.findIndex((part, index) => part !== theirs[index]);
    if (differs >= 0) parts = parts.slice(0, differs);
  }
  return parts.join(sep) || sep;
}

async function canHold(directory: string, parent: string): Promise<boolean> {
  for (const candidate of [directory, parent]) {
    try {
      await access(candidate, constants.W_OK);
      // the superuser may write anywhere; a folder that nobody is meant to write is left alone all the same
      return ((await stat(candidate)).mode & 0o222) !== 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") return false;
    }
  }
  return false;
}
