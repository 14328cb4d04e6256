import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { ClewError } from "@clew/core";
import picomatch from "picomatch";
import { missingPath } from "./missing-path.js";

/** One path that the caller gave, resolved. */
export interface Root {
  /** As the caller wrote it, for messages. */
  readonly given: string;
  /** The folder to walk, or the file itself. */
  readonly path: string;
  /** The same with every link followed. */
  readonly real: string;
  readonly kind: "folder" | "file";
  /** For a glob: whether a path relative to `path`, with `/`, is meant. */
  readonly matches?: ((relative: string) => boolean) | undefined;
  /** For a glob: whether its author asked for names that begin with a dot. */
  readonly dotted: boolean;
}

/**
 * Resolves files, folders and globs. A path that exists is taken as it stands, even when it looks like a glob.
 *
 * @throws ClewError `not-found`, naming the nearest folder that exists and a similar name in it
 */
export async function findRoots(paths: readonly string[], cwd: string): Promise<Root[]> {
  const roots: Root[] = [];
  for (const given of paths) {
    const literal = path.resolve(cwd, given);
    const kind = await kindOf(literal);
    if (kind !== undefined) {
      roots.push({ given, path: literal, real: await realpath(literal), kind, dotted: false });
      continue;
    }
    const glob = splitGlob(given);
    if (glob === undefined) throw await missingPath(given, literal);
    const folder = path.resolve(cwd, glob.base);
    if ((await kindOf(folder)) !== "folder") throw await missingPath(given, folder);
    const dotted = /(?:^|\/)\.[^/.]/.test(glob.pattern);
    const matches = picomatch(glob.pattern, { dot: dotted });
    roots.push({ given, path: folder, real: await realpath(folder), kind: "folder", matches, dotted });
  }
  return roots;
}

/** The folder that ids are relative to. */
export async function findBase(roots: readonly Root[], base: string | undefined, cwd: string): Promise<string> {
  const folders = roots.map((root) => (root.kind === "folder" ? root.path : path.dirname(root.path)));
  if (base !== undefined) {
    const wanted = path.resolve(cwd, base);
    const outside = roots.find((_, index) => !isWithin(wanted, folders[index]!));
    if (outside !== undefined) {
      throw new ClewError(
        "invalid-option",
        `Option "base" is ${wanted}, but "${outside.given}" does not lie below it. Give a folder that holds all paths.`,
      );
    }
    return wanted;
  }
  let common = folders[0]!;
  for (const folder of folders) while (!isWithin(common, folder)) common = path.dirname(common);
  return common;
}

/** True when `inner` is `outer` or lies below it; both absolute. */
export function isWithin(outer: string, inner: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === "" || (relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}

/** A path relative to a folder, with `/` on every platform. */
export function posixPath(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join("/");
}

/** Where a path leads once every link is followed; undefined when it leads nowhere. */
export async function realPath(target: string): Promise<string | undefined> {
  try {
    return await realpath(target);
  } catch {
    // a dangling or circular link: the caller reports it
    return undefined;
  }
}

async function kindOf(target: string): Promise<Root["kind"] | undefined> {
  try {
    const found = await stat(target);
    return found.isDirectory() ? "folder" : "file";
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ClewError("unreadable-source", `Cannot look at "${target}" (${code ?? String(cause)}).`, { cause });
  }
}

function splitGlob(given: string): { base: string; pattern: string } | undefined {
  const { base, glob, isGlob } = picomatch.scan(given);
  return isGlob && glob !== "" ? { base: base === "" ? "." : base, pattern: glob } : undefined;
}
