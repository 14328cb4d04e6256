import type { ZipArchive } from "./open-zip.js";
import { findElements, xmlTree } from "./xml-tree.js";

/** A part that another part of an Office file refers to. */
export interface Relationship {
  readonly id: string;
  /** Last word of its type, such as `slide` or `notesSlide`. */
  readonly type: string;
  /** Path in the archive. */
  readonly target: string;
}

/** The parts inside the archive to which one part refers; those outside are left out. */
export async function relationships(zip: ZipArchive, part: string): Promise<Relationship[]> {
  const xml = await zip.text(part.replace(/([^/]*)$/, "_rels/$1.rels"));
  if (xml === undefined) return [];
  return findElements(xmlTree(xml), "Relationship").flatMap(({ attributes }) => {
    const { Id: id, Type: type, Target: target, TargetMode: mode } = attributes;
    if (id === undefined || type === undefined || target === undefined || mode === "External") return [];
    return [{ id, type: type.replace(/^.*\//, ""), target: resolvePath(part, target) }];
  });
}

/** Resolves a path that is written relative to a file of an archive. */
export function resolvePath(from: string, target: string): string {
  const parts = target.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
