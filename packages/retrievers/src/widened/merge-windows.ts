import type { Hit, Passage } from "@clew/core";
import { fitWindow, spanOf } from "./fit-window.js";

/** A row of passages that one or more hits became. */
export interface MergedWindow {
  readonly source: string;
  passages: readonly Passage[];
  /** Best first. */
  readonly hits: Hit[];
  isCut: boolean;
}

/** A hit with the passages around it, in the order of its source; the hit's own is among them. */
export interface Surrounded {
  readonly hit: Hit;
  readonly around: readonly Passage[];
}

/**
 * Windows of hits, in the order of their best: a hit within an earlier window joins it, windows that overlap become one
 * where that has room, and else the later one takes only what the earlier ones left.
 */
export function mergeWindows(surrounded: readonly Surrounded[], maxCharacters: number): MergedWindow[] {
  let windows: MergedWindow[] = [];
  for (const { hit, around } of surrounded) {
    const { id } = hit.passage;
    const own = around.find((passage) => passage.id === id)!;
    const nearby = windows.filter(({ source }) => source === own.source);
    const holder = nearby.find(({ passages }) => passages.some((passage) => passage.id === id));
    if (holder !== undefined) {
      holder.hits.push(hit);
      continue;
    }
    const wide = fitWindow({ id, around, maxCharacters })!;
    const touched = nearby.filter((window) => overlaps(spanOf(window.passages), spanOf(wide.passages)));
    const joined = inOrder([...touched.flatMap(({ passages }) => passages), ...wide.passages]);
    const [start, end] = spanOf(joined);
    if (touched.length > 0 && end - start <= maxCharacters) {
      const [first, ...others] = touched as [MergedWindow, ...MergedWindow[]];
      first.passages = joined;
      first.hits.push(...others.flatMap(({ hits }) => hits), hit);
      first.isCut = wide.isCut || touched.some(({ isCut }) => isCut);
      windows = windows.filter((window) => !others.includes(window));
      continue;
    }
    const isBarred = ({ span }: Passage): boolean => touched.some(({ passages }) => overlaps(spanOf(passages), span));
    const narrow = touched.length === 0 ? wide : fitWindow({ id, around, maxCharacters, isBarred })!;
    windows.push({ source: own.source, passages: narrow.passages, hits: [hit], isCut: narrow.isCut });
  }
  return windows;
}

const overlaps = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] < b[1] && b[0] < a[1];

/** Each once, in the order of the source. */
const inOrder = (passages: readonly Passage[]): Passage[] =>
  [...new Map(passages.map((passage) => [passage.id, passage])).values()].sort((a, b) => a.ordinal - b.ordinal);
