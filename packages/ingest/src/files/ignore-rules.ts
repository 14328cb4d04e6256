import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import ignore, { type Ignore } from "ignore";
import { posixPath } from "./find-roots.js";

/** Ignore files of one folder and of all folders above it that count, outermost first. */
export type IgnoreRules = readonly { readonly folder: string; readonly rules: Ignore }[];

/**
 * Adds the ignore files of a folder.
 *
 * @param names a later one is read after, so that it wins
 */
export async function withIgnoreFiles(
  above: IgnoreRules,
  folder: string,
  names: readonly string[],
): Promise<IgnoreRules> {
  const found: string[] = [];
  for (const name of names) {
    const text = await readIfThere(path.join(folder, name));
    if (text !== undefined) found.push(text);
  }
  return found.length === 0 ? above : withPatterns(above, folder, found);
}

/** Adds patterns as if they stood in an ignore file of the folder. */
export function withPatterns(above: IgnoreRules, folder: string, patterns: readonly string[]): IgnoreRules {
  return patterns.length === 0 ? above : [...above, { folder, rules: ignore().add(patterns.join("\n")) }];
}

/**
 * The ignore files that hold for a folder from above: those of its parents up to the one with `.git`, as Git has it.
 * Empty outside a repository, and where they would leave out the folder itself, which somebody has asked for by name.
 */
export async function rulesFromAbove(folder: string, names: readonly string[]): Promise<IgnoreRules> {
  const parents: string[] = [];
  let current = folder;
  while (!(await exists(path.join(current, ".git")))) {
    const parent = path.dirname(current);
    if (parent === current) return [];
    parents.unshift(parent);
    current = parent;
  }
  let rules: IgnoreRules = [];
  for (const parent of parents) rules = await withIgnoreFiles(rules, parent, names);
  for (let target = folder; target !== current; target = path.dirname(target)) {
    if (isIgnored(rules, target, true)) return [];
  }
  return rules;
}

/** Whether a file or folder is left out; an inner ignore file overrules an outer one. */
export function isIgnored(rules: IgnoreRules, target: string, isFolder: boolean): boolean {
  let ignored = false;
  for (const { folder, rules: own } of rules) {
    const relative = posixPath(folder, target);
    if (relative === "" || relative === ".." || relative.startsWith("../")) continue;
    const verdict = own.test(isFolder ? `${relative}/` : relative);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR") return undefined;
    throw cause;
  }
}

async function exists(target: string): Promise<boolean> {
  try {
    await stat(target);
    return true;
  } catch {
    // absent, or not ours to look at: no repository begins here
    return false;
  }
}
