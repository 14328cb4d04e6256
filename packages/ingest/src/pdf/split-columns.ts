import type { Segment } from "./page-lines.js";

/** Fewer lines of prose on one side are a table or a caption, not a column. */
const minColumnLines = 6;

/**
 * Divides a page into regions that are read one after the other: where prose stands in columns side by side, each
 * column; lines that cross the gutter (titles, full-width tables) divide the columns into bands. Without columns it is
 * one region. Three columns are found by dividing twice.
 */
export function splitColumns(segments: readonly Segment[], width: number): Segment[][] {
  return divide(segments, 0, width, 2);
}

function divide(segments: readonly Segment[], left: number, right: number, depth: number): Segment[][] {
  const gutter = depth === 0 ? undefined : findGutter(segments, left, right);
  if (gutter === undefined) return segments.length === 0 ? [] : [[...segments]];
  const sorted = [...segments].sort((a, b) => a.y - b.y || a.x - b.x);
  const regions: Segment[][] = [];
  let band: Segment[] = [];
  const close = () => {
    const before = band.filter((part) => part.right <= gutter);
    const after = band.filter((part) => part.right > gutter);
    // a band with prose on one side only is not set in columns
    if (before.filter(isProse).length >= 2 && after.filter(isProse).length >= 2) {
      regions.push(...divide(before, left, gutter, depth - 1), ...divide(after, gutter, right, depth - 1));
    } else if (band.length > 0) regions.push(band);
    band = [];
  };
  let crossing: Segment[] = [];
  const closeCrossing = () => {
    if (crossing.length > 0) regions.push(crossing);
    crossing = [];
  };
  for (const part of sorted) {
    if (part.x < gutter - 1 && part.right > gutter + 1) {
      close();
      crossing.push(part);
    } else {
      closeCrossing();
      band.push(part);
    }
  }
  close();
  closeCrossing();
  return regions;
}

function findGutter(segments: readonly Segment[], left: number, right: number): number | undefined {
  const prose = segments.filter(isProse);
  if (prose.length < 2 * minColumnLines) return undefined;
  let best: { score: number; from: number; to: number } | undefined;
  for (let x = left + (right - left) * 0.25; x <= left + (right - left) * 0.75; x += 2) {
    const before = prose.filter((part) => part.right <= x);
    const after = prose.filter((part) => part.x >= x);
    const crossing = prose.length - before.length - after.length;
    if (before.length < minColumnLines || after.length < minColumnLines) continue;
    if (crossing * 2 > before.length + after.length || !sideBySide(before, after)) continue;
    const score = Math.min(before.length, after.length) - 2 * crossing;
    if (best === undefined || score > best.score) best = { score, from: x, to: x };
    else if (score === best.score) best.to = x;
  }
  return best === undefined ? undefined : (best.from + best.to) / 2;
}

// both sides share most of their height, and their lines fill the width they have
function sideBySide(before: readonly Segment[], after: readonly Segment[]): boolean {
  const [top, bottom] = extent(before);
  const [otherTop, otherBottom] = extent(after);
  const shared = Math.min(bottom, otherBottom) - Math.max(top, otherTop);
  if (shared < 0.5 * Math.min(bottom - top, otherBottom - otherTop)) return false;
  return fillsItsWidth(before) && fillsItsWidth(after);
}

function extent(parts: readonly Segment[]): [top: number, bottom: number] {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const { y } of parts) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return [top, bottom];
}

function fillsItsWidth(parts: readonly Segment[]): boolean {
  const x = Math.min(...parts.map((part) => part.x));
  const right = Math.max(...parts.map((part) => part.right));
  return parts.filter((part) => part.right - part.x > (right - x) * 0.8).length >= parts.length * 0.6;
}

// at least four words, most of it letters: a figure or a label is not prose
function isProse(part: Segment): boolean {
  const text = part.items.map((item) => item.text).join(" ");
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]/.test(text)) return letters >= 10;
  return letters > text.length * 0.6 && (text.match(/\p{L}{2,}/gu)?.length ?? 0) >= 4;
}
