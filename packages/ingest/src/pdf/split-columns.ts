import type { Segment } from "./segment.js";

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
  const bands = gutter === undefined ? [] : bandsAlong(segments, gutter);
  if (gutter === undefined || !areColumns(bands)) return segments.length === 0 ? [] : [[...segments]];
  return bands.flatMap(({ crossing, before, after }) => {
    if (isSetInColumns({ before, after })) {
      return [...divide(before, left, gutter, depth - 1), ...divide(after, gutter, right, depth - 1)];
    }
    const all = [...crossing, ...before, ...after];
    return all.length === 0 ? [] : [all];
  });
}

/** Either what crosses the gutter, or what stands on its two sides until something crosses it again. */
interface Band {
  readonly crossing: Segment[];
  readonly before: Segment[];
  readonly after: Segment[];
}

function bandsAlong(segments: readonly Segment[], gutter: number): Band[] {
  const bands: Band[] = [];
  let wasCrossing: boolean | undefined;
  for (const part of [...segments].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const crosses = part.x < gutter - 1 && part.right > gutter + 1;
    if (crosses !== wasCrossing) bands.push({ crossing: [], before: [], after: [] });
    wasCrossing = crosses;
    const band = bands.at(-1)!;
    (crosses ? band.crossing : part.right <= gutter + 1 ? band.before : band.after).push(part);
  }
  return bands;
}

const isSetInColumns = ({ before, after }: Pick<Band, "before" | "after">): boolean =>
  before.filter(isProse).length >= 2 && after.filter(isProse).length >= 2;

// in a table with long texts something crosses at every other row; columns run on
function areColumns(bands: readonly Band[]): boolean {
  const set = bands.filter(isSetInColumns);
  const longest = Math.max(0, ...set.map(({ before, after }) => Math.min(before.length, after.length)));
  const crossing = bands.reduce((sum, band) => sum + band.crossing.length, 0);
  const beside = bands.reduce((sum, { before, after }) => sum + before.length + after.length, 0);
  return set.length <= 4 && longest >= minColumnLines && crossing <= beside * 0.2;
}

function findGutter(segments: readonly Segment[], left: number, right: number, nested = 1): number | undefined {
  const prose = segments.filter(isProse);
  if (prose.length < 2 * minColumnLines) return undefined;
  let best: { score: number; from: number; to: number } | undefined;
  for (let x = left + (right - left) * 0.25; x <= left + (right - left) * 0.75; x += 2) {
    const before = prose.filter((part) => part.right <= x);
    const after = prose.filter((part) => part.x >= x);
    const crossing = prose.length - before.length - after.length;
    if (before.length < minColumnLines || after.length < minColumnLines) continue;
    if (crossing * 2 > before.length + after.length || !sideBySide(before, after, nested)) continue;
    const score = Math.min(before.length, after.length) - 2 * crossing;
    if (best === undefined || score > best.score) best = { score, from: x, to: x };
    else if (score === best.score && x - best.to < 3) best.to = x;
  }
  return best === undefined ? undefined : (best.from + best.to) / 2;
}

// both sides share most of their height, and their lines fill the width they have
function sideBySide(before: readonly Segment[], after: readonly Segment[], nested: number): boolean {
  const [top, bottom] = extent(before);
  const [otherTop, otherBottom] = extent(after);
  const shared = Math.min(bottom, otherBottom) - Math.max(top, otherTop);
  if (shared < 0.5 * Math.min(bottom - top, otherBottom - otherTop)) return false;
  return [before, after].every((side) => {
    if (fillsItsWidth(side)) return true;
    // perhaps because it is two columns itself
    const ends = side.map(({ right }) => right);
    const start = Math.min(...side.map(({ x }) => x));
    return nested > 0 && findGutter(side, start, Math.max(...ends), nested - 1) !== undefined;
  });
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
