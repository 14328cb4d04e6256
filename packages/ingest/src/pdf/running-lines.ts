import type { Line, Region } from "./page-lines.js";

/** How many lines from the top and from the bottom of a page can be a header or footer. */
const depth = 4;
/** On this share of the pages a line must repeat; left and right pages may have headers of their own. */
const share = 0.4;
const minPages = 3;
/** Running lines stand within this share of the page's height from its edge; page numbers, wherever the text ends. */
const margin = 0.12;

/**
 * Finds running headers, footers and page numbers at the top and bottom of pages. A header or footer repeats, digits
 * aside, at the same height in the outer 12 % of the page, on at least 40 % of the pages and on three. A page number may stand at any height, but keeps
 * its distance from the true number of the page on three pages. The search goes inwards from the edge and stops at the
 * first other line.
 *
 * @param pages the regions of each page, page 1 first
 * @returns the lines to drop
 */
export function runningLines(pages: readonly (readonly Region[])[]): Set<Line> {
  const dropped = new Set<Line>();
  const heights = pages.map((regions) => regions[0]?.pageHeight ?? 0);
  const sorted = pages.map((regions) => regions.flatMap(({ lines }) => lines).sort((a, b) => a.y - b.y || a.x - b.x));
  const withText = sorted.filter((lines) => lines.length > 0).length;
  const needed = Math.max(minPages, Math.ceil(withText * share));
  for (const edge of [
    sorted.map((lines) => lines.slice(0, depth)),
    sorted.map((lines) => lines.slice(-depth).reverse()),
  ]) {
    const repeats = new Map<string, number>();
    for (const [index, lines] of edge.entries()) {
      for (const key of new Set(lines.flatMap((line) => keys(line, index + 1, heights[index]!)))) {
        repeats.set(key, (repeats.get(key) ?? 0) + 1);
      }
    }
    const isRunning = (line: Line, index: number): boolean =>
      keys(line, index + 1, heights[index]!).some(
        (key) => repeats.get(key)! >= (key.startsWith("number") ? minPages : needed),
      );
    for (const [index, lines] of edge.entries()) {
      for (const line of lines) {
        if (!isRunning(line, index)) break;
        dropped.add(line);
      }
    }
  }
  return dropped;
}

const pageNumber = /^(?:[-–—|\s]*)(?:page\s+)?([a-z]{1,2}-)?(\d{1,4})(?:\s*(?:of|\/)\s*\d{1,4})?(?:[-–—|\s]*)$/;

// two grids of 16 points, half a step apart, so that lines at nearly one height always share a cell
function keys(line: Line, page: number, height: number): string[] {
  const text = line.text.toLowerCase();
  const number = pageNumber.exec(text);
  const normalised = text
    .replace(/\d+/g, "#")
    .replace(/^[\s\-–—|]*[ivxlc]+[\s\-–—|]*$/, "#")
    .replace(/\s+/g, " ");
  const outer = line.y < height * margin || line.y > height * (1 - margin);
  return [
    ...(outer
      ? [`even ${Math.floor(line.y / 16)} ${normalised}`, `odd ${Math.floor((line.y + 8) / 16)} ${normalised}`]
      : []),
    ...(number === null ? [] : [`number ${number[1] ?? ""}${Number(number[2]) - page}`]),
  ];
}
