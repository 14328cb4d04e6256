import { opendir, stat } from "node:fs/promises";
import path from "node:path";
import { type Note, note } from "@clew/core";
import type { FoundFile, Listing } from "./file-options.js";
import { isWithin, posixPath, type Root, realPath } from "./find-roots.js";
import { type IgnoreRules, isIgnored, rulesFromAbove, withIgnoreFiles, withPatterns } from "./ignore-rules.js";

/** Options of {@link walk}. */
export interface WalkOptions {
  readonly base: string;
  readonly ignoreFiles: readonly string[];
  readonly exclude: readonly string[];
  readonly hidden: boolean;
  readonly onListed?: ((listing: Listing) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a walk found. */
export interface Walked {
  /** In the order of their ids by code unit; each file once, under its own path before that of a link. */
  readonly files: readonly FoundFile[];
  /** Files and folders that exist and cannot be looked at: what was known below them must be kept. */
  readonly closed: readonly { readonly id: string; readonly path: string; readonly note: Note }[];
  /** Links that were not followed. */
  readonly notes: readonly Note[];
}

interface Found extends FoundFile {
  readonly real: string;
  readonly linked: boolean;
}

const neverRead = new Set(["node_modules", ".git", ".clew"]);

/** Lists the files of all roots. Links are followed while they stay below their root; a loop is entered once. */
export async function walk(roots: readonly Root[], options: WalkOptions): Promise<Walked> {
  const { base, ignoreFiles, exclude, hidden, onListed, signal } = options;
  const found: Found[] = [];
  const closed: { id: string; path: string; note: Note }[] = [];
  const notes: Note[] = [];
  let entered = new Set<string>(); // real paths of the folders of the root at hand
  let waiting: (() => Promise<void>)[] = [];
  const idOf = (target: string): string => posixPath(base, target) || ".";

  const skip = (target: string, why: string): void => {
    notes.push(note("source-skipped", `${idOf(target)} ${why}`, { source: idOf(target) }));
  };
  const close = (target: string, cause: unknown, folder: boolean): void => {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const what = folder ? "folder" : "file";
    const message = `The ${what} ${idOf(target)} cannot be opened (${code}). Allow reading it, or exclude it.`;
    closed.push({
      id: idOf(target),
      path: target,
      note: note("source-failed", message, { source: idOf(target), error: code }),
    });
  };
  const addFile = async (target: string, real: string, linked: boolean): Promise<void> => {
    const state = await stat(target);
    if (!state.isFile()) return skip(target, "is no regular file (a pipe, socket or device).");
    found.push({ id: idOf(target), path: target, size: state.size, modified: state.mtimeMs, real, linked });
  };

  async function enter(root: Root, folder: string, real: string, above: IgnoreRules, linked: boolean): Promise<void> {
    signal?.throwIfAborted();
    if (entered.has(real)) return; // a loop, or the same folder by another way
    entered.add(real);
    const rules = await withIgnoreFiles(above, folder, ignoreFiles);
    const names: { name: string; link: boolean; folder: boolean }[] = [];
    for await (const entry of await opendir(folder)) {
      names.push({ name: entry.name, link: entry.isSymbolicLink(), folder: entry.isDirectory() });
    }
    names.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, link, folder: direct } of names) {
      signal?.throwIfAborted();
      if (neverRead.has(name) || (!hidden && !root.dotted && name.startsWith("."))) continue;
      const target = path.join(folder, name);
      let isFolder = direct;
      let targetReal = path.join(real, name);
      try {
        if (link) {
          const leads = await realPath(target);
          if (isIgnored(rules, target, false)) continue;
          if (leads === undefined) {
            skip(target, "is a link that leads nowhere.");
            continue;
          }
          if (!isWithin(root.real, leads)) {
            skip(
              target,
              `is a link out of ${root.given}, to ${leads}; it was not followed. Name that path as well to read it.`,
            );
            continue;
          }
          targetReal = leads;
          isFolder = (await stat(target)).isDirectory();
        }
        if (isIgnored(rules, target, isFolder)) continue;
        // links wait until every folder has been entered under its own path
        if (isFolder && link) waiting.push(() => enter(root, target, targetReal, rules, true));
        else if (isFolder) await enter(root, target, targetReal, rules, linked);
        else if (root.matches === undefined || root.matches(posixPath(root.path, target))) {
          await addFile(target, targetReal, linked || link);
        }
      } catch (cause) {
        signal?.throwIfAborted();
        close(target, cause, isFolder);
      }
    }
    onListed?.({ files: found.length, skipped: notes.length + closed.length, done: false });
  }

  for (const root of roots) {
    signal?.throwIfAborted();
    entered = new Set();
    waiting = [];
    try {
      if (root.kind === "file") {
        await addFile(root.path, root.real, false);
        continue;
      }
      const above = withPatterns(await rulesFromAbove(root.path, ignoreFiles), root.path, exclude);
      await enter(root, root.path, root.real, above, false);
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
    } catch (cause) {
      signal?.throwIfAborted();
      close(root.path, cause, root.kind === "folder");
    }
  }
  return { files: unique(found), closed, notes };
}

// one file reached twice (a link, overlapping roots) is one source, under the path that is its own if that was found
function unique(found: readonly Found[]): FoundFile[] {
  const byReal = new Map<string, Found>();
  for (const file of found) {
    const known = byReal.get(file.real);
    if (known === undefined || precedes(file, known)) byReal.set(file.real, file);
  }
  return [...byReal.values()]
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ id, path, size, modified }) => ({ id, path, size, modified }));
}

function precedes(a: Found, b: Found): boolean {
  return a.linked === b.linked ? a.id < b.id : !a.linked;
}
