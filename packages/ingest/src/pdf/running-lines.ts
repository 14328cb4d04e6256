import type { Line, Region } from "./page-lines.js";

/** How many lines from the top and from the bottom of a page can be a header or footer. */
const depth = 4;
/** On this share of the pages a line must repeat; left and right pages may have headers of their own. */
const share = 0.4;
const minPages = 3;

/**
 * Finds running headers, footers and page numbers: lines that repeat, digits aside, at the same height at the top or
 * bottom of at least 40 % of the pages and of three. It goes inwards from the edge and stops at the first other line.
 *
 * @returns the lines to drop
 */
export function runningLines(pages: readonly (readonly Region[])[]): Set<Line> {
  const edges = pages.flatMap((regions) => {
    const lines = regions.flatMap(({ lines }) => lines).sort((a, b) => a.y - b.y || a.x - b.x);
    return lines.length === 0 ? [] : [lines.slice(0, depth), lines.slice(-depth).reverse()];
  });
  const dropped = new Set<Line>();
  const needed = Math.max(minPages, Math.ceil((edges.length / 2) * share));
  for (const side of [0, 1]) {
    const counts = new Map<string, number>();
    const candidates = edges.filter((_, index) => index % 2 === side);
    for (const lines of candidates) {
      const keys = new Set(lines.flatMap((line) => nearKeys(line)));
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const lines of candidates) {
      for (const line of lines) {
        if (!nearKeys(line).some((key) => counts.get(key)! >= needed)) break;
        dropped.add(line);
      }
    }
  }
  return dropped;
}

// two grids of 16 points, half a step apart, so that lines at nearly one height always share a cell
function nearKeys(line: Line): string[] {
  const text = line.text
    .toLowerCase()
    .replace(/\d+/g, "#")
    .replace(/^[\s\-–—|]*[ivxlc]+[\s\-–—|]*$/, "#")
    .replace(/\s+/g, " ");
  return [`a${Math.floor(line.y / 16)} ${text}`, `b${Math.floor((line.y + 8) / 16)} ${text}`];
}
