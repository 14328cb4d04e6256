import { readdir } from "node:fs/promises";
import path from "node:path";
import { ClewError } from "@clew/core";

const maxDistance = 2;

/** The error for a path that does not exist: names the deepest folder that does, and a name in it that looks alike. */
export async function missingPath(given: string, absolute: string): Promise<ClewError> {
  let parent = path.dirname(absolute);
  let missing = path.basename(absolute);
  let names = await namesIn(parent);
  while (names === undefined && path.dirname(parent) !== parent) {
    missing = path.basename(parent);
    parent = path.dirname(parent);
    names = await namesIn(parent);
  }
  const similar = nearest(missing, names ?? []);
  const hint =
    similar === undefined
      ? `The nearest folder that exists is ${parent}.`
      : `Did you mean ${path.join(parent, similar)}?`;
  return new ClewError("not-found", `"${given}" does not exist. ${hint}`);
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    // does not exist or may not be listed: the folder above may
    return undefined;
  }
}

function nearest(wanted: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(maxDistance, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** @see Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", 1966 */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
