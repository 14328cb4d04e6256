import type { TextBuilder } from "../source-text-builder.js";

/** Gathers the rows of the table at hand, and writes them when it ends. */
export interface HtmlTable {
  readonly isOpen: boolean;
  readonly inCell: boolean;
  /** A table begins; one inside another shows that the outer one is there for the layout. */
  open(): void;
  /** Writes what there is, and lets the open tables be plain text from here on. */
  leave(): void;
  /** True when the tag is a part of a table and needs nothing else. */
  openPart(tag: string): boolean;
  closePart(tag: string): boolean;
  text(data: string): void;
  end(): void;
}

/** Makes an {@link HtmlTable} that writes to the builder. */
export function htmlTable(builder: TextBuilder): HtmlTable {
  let depth = 0; // tables open in the page
  let layout = 0; // of these, the outer ones that are plain text
  let rows: string[][] = [];
  let row: string[] | undefined;
  let cell: string | undefined;
  let caption: string | undefined;

  function endCell(): void {
    if (cell !== undefined) row?.push(cell.replace(/\s+/g, " ").trim());
    cell = undefined;
    if (caption !== undefined) builder.paragraph(caption.replace(/\s+/g, " "));
    caption = undefined;
  }
  function endRow(): void {
    endCell();
    if (row !== undefined) rows.push(row);
    row = undefined;
  }
  function write(): void {
    endRow();
    const used = withoutSpacers(rows);
    rows = [];
    // one column is a way to place text
    if (used.every((cells) => cells.length <= 1)) for (const [only = ""] of used) builder.paragraph(only);
    else builder.table(used);
  }

  return {
    get isOpen() {
      return depth > layout;
    },
    get inCell() {
      return cell !== undefined || caption !== undefined;
    },
    open() {
      if (depth > layout) {
        write();
        layout = depth;
      }
      depth++;
    },
    leave() {
      if (depth <= layout) return;
      write();
      layout = depth;
    },
    openPart(tag) {
      if (tag === "tr") {
        endRow();
        row = [];
      } else if (tag === "td" || tag === "th") {
        endCell();
        row ??= [];
        cell = "";
      } else if (tag === "caption") {
        endCell();
        caption = "";
      } else return parts.has(tag);
      return true;
    },
    closePart(tag) {
      if (tag === "table") {
        write();
        depth = Math.max(0, depth - 1);
        layout = Math.min(layout, depth);
      } else if (tag === "tr") endRow();
      else if (tag === "td" || tag === "th" || tag === "caption") endCell();
      else return parts.has(tag);
      return true;
    },
    text(data) {
      if (cell !== undefined) cell += data;
      else if (caption !== undefined) caption += data;
    },
    end() {
      write();
      depth = 0;
      layout = 0;
    },
  };
}

const parts = new Set(["thead", "tbody", "tfoot", "colgroup", "col"]);

/** Drops columns that are empty in every row, when all rows have the same number of cells. */
function withoutSpacers(rows: readonly (readonly string[])[]): (readonly string[])[] {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((cells) => cells.length !== width)) return [...rows];
  const used = Array.from({ length: width }, (_, column) => rows.some((cells) => cells[column] !== ""));
  return rows.map((cells) => cells.filter((_, column) => used[column]));
}
