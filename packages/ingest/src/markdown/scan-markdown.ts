import type { Heading, Span } from "@clew/core";
import { breathe } from "../event-loop.js";
import { plainHeading } from "./plain-heading.js";

/** What stands where in a Markdown text. */
export interface MarkdownOutline {
  readonly headings: readonly Heading[];
  /** Code fences and tables. */
  readonly blocks: readonly Span[];
}

interface Line {
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  readonly text: string;
}

const linesPerTurn = 20_000;
const longestMarkup = 10_000; // code units; a longer line is prose whatever it begins with

/**
 * Finds headings, code fences and tables by lines, without parsing what is inside a line.
 *
 * @see CommonMark 0.31.2, sections 4.2, 4.3 and 4.5; GitHub Flavored Markdown 0.29, section 4.10
 */
export async function scanMarkdown(text: string, signal?: AbortSignal | undefined): Promise<MarkdownOutline> {
  const headings: Heading[] = [];
  const blocks: Span[] = [];
  let fence: { mark: string; length: number; start: number } | undefined;
  let comment = false;
  let paragraph: Line[] = []; // lines that an underline would make a heading of
  let table: { start: number; end: number } | undefined;
  let last: Line | undefined;
  let count = 0;

  const closeTable = (): void => {
    if (table !== undefined) blocks.push([table.start, table.end]);
    table = undefined;
  };

  for (let start = 0; start <= text.length; ) {
    if (++count % linesPerTurn === 0) await breathe(signal);
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const line: Line = { start, end, text: end - start > longestMarkup ? "" : text.slice(start, end) };
    const long = end - start > longestMarkup;
    start = end + 1;
    const before = last;
    last = line;

    if (fence !== undefined) {
      const close = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line.text)?.[1];
      if (close === undefined || close[0] !== fence.mark || close.length < fence.length) continue;
      blocks.push([fence.start, line.end]);
      fence = undefined;
      continue;
    }
    if (comment) {
      comment = !line.text.includes("-->");
      continue;
    }
    if (table !== undefined) {
      if (line.text.includes("|")) {
        table.end = line.end;
        continue;
      }
      closeTable();
    }
    const open = /^[ \t]*(?:[-*+>][ \t]+|\d{1,9}[.)][ \t]+)*(`{3,}(?!.*`)|~{3,})/.exec(line.text);
    if (open !== null) {
      fence = { mark: open[1]![0]!, length: open[1]!.length, start: line.start };
      paragraph = [];
      continue;
    }
    if (/^ {0,3}<!--/.test(line.text) && !line.text.includes("-->")) {
      comment = true;
      paragraph = [];
      continue;
    }
    const hashes = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line.text);
    if (hashes !== null) {
      add(hashes[1]!.length, (hashes[2] ?? "").replace(/(?:^|[ \t]+)#+[ \t]*$/, ""), [line.start, line.end]);
      paragraph = [];
      continue;
    }
    const underline = /^ {0,3}(=+|-+)[ \t]*$/.exec(line.text)?.[1];
    if (underline !== undefined && paragraph.length > 0) {
      const title = paragraph.map((one) => one.text.trim()).join(" ");
      add(underline[0] === "=" ? 1 : 2, title, [paragraph[0]!.start, line.end]);
      paragraph = [];
      continue;
    }
    if (before?.text.includes("|") && isTableRule(line.text) && columns(before.text) === columns(line.text)) {
      table = { start: before.start, end: line.end };
      paragraph = [];
      continue;
    }
    // a heading's text is a paragraph: no list, quote, indented code, HTML or blank line
    const starts = /^ {0,3}(?:[-*+>]|\d{1,9}[.)])(?:[ \t]|$)|^ {0,3}>|^ {4}|^\t|^ {0,3}</.test(line.text);
    if (long || line.text.trim() === "" || (starts && paragraph.length === 0) || paragraph.length >= 3) paragraph = [];
    else if (!/^ {0,3}(?:[-*+>]|\d{1,9}[.)])(?:[ \t]|$)/.test(line.text) && !continuesOther(before, paragraph)) {
      paragraph.push(line);
    } else paragraph = [];
  }
  closeTable();
  if (fence !== undefined) blocks.push([fence.start, text.trimEnd().length]);
  return { headings, blocks };

  function add(level: number, written: string, span: Span): void {
    const title = plainHeading(written);
    if (title !== "") headings.push({ level, text: title, span });
  }
}

// a lazy continuation of a list item or quote is no paragraph of its own
function continuesOther(before: Line | undefined, paragraph: readonly Line[]): boolean {
  return (
    paragraph.length === 0 &&
    before !== undefined &&
    before.text.trim() !== "" &&
    !/^ {0,3}#{1,6}(?:[ \t]|$)/.test(before.text) &&
    !/^ {0,3}(?:`{3,}|~{3,}|=+|-+|\*\*\*+|___+)[ \t]*$/.test(before.text)
  );
}

const isTableRule = (line: string): boolean =>
  /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/.test(line) && line.includes("|");

const columns = (line: string): number =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/).length;
