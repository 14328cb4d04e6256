import type { Span } from "../source/span.js";

const fence = /^ {0,3}(`{3,}|~{3,})/;
const row = /^\s*\|/;

/** Fenced code and Markdown tables (two rows or more) in `text.slice(start, end)`, in order, without their last line end. */
export function findBlocks(text: string, start: number, end: number): Span[] {
  const blocks: Span[] = [];
  let fenced: { from: number; mark: string } | undefined;
  let table: { from: number; to: number; rows: number } | undefined;
  const closeTable = (): void => {
    if (table !== undefined && table.rows > 1) blocks.push([table.from, table.to]);
    table = undefined;
  };
  for (let at = start; at < end; ) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    const head = text.slice(at, Math.min(lineEnd, at + 80));
    const mark = fence.exec(head)?.[1];
    if (fenced !== undefined) {
      if (mark?.startsWith(fenced.mark)) {
        blocks.push([fenced.from, lineEnd]);
        fenced = undefined;
      }
    } else if (mark !== undefined) {
      closeTable();
      fenced = { from: at, mark };
    } else if (row.test(head)) {
      table = { from: table?.from ?? at, to: lineEnd, rows: (table?.rows ?? 0) + 1 };
    } else closeTable();
    at = lineEnd + 1;
  }
  closeTable();
  return blocks;
}
