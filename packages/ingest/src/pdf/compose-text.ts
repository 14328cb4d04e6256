import type { Note } from "@clew/core";
import { note } from "@clew/core";
import { breathe } from "../event-loop.js";
import { type TextBuilder, textBuilder } from "../source-text-builder.js";
import { groupLines, type LineGroup, typicalLine } from "./group-lines.js";
import { joinLines, type Words, words } from "./join-hyphens.js";
import { mendWords } from "./mend-words.js";
import type { Line, Region } from "./page-lines.js";
import { runningLines } from "./running-lines.js";

/** What the pages of a document hold. */
export interface ComposeTextOptions {
  /** The regions of each page, page 1 first; none for a page without text. */
  readonly pages: readonly (readonly Region[])[];
  /** Text for pages that have none of their own, by page number. */
  readonly replaced: ReadonlyMap<number, string>;
  readonly signal?: AbortSignal | undefined;
}

/** A document's text being built, and what was cleaned away. */
export interface ComposedText {
  readonly builder: TextBuilder;
  readonly notes: readonly Note[];
  /** Pages that hold nothing, or nothing but a running header or footer, from 1. */
  readonly emptyPages: readonly number[];
}

/** Makes the text of a document from the lines of its pages: running lines dropped, paragraphs, headings and tables. */
export async function composeText({ pages, replaced, signal }: ComposeTextOptions): Promise<ComposedText> {
  const dropped = runningLines(pages);
  const typical = typicalLine(pages);
  const known = words();
  const kept: Region[][] = [];
  for (const regions of pages) {
    const left = regions.map((region) => ({ ...region, lines: region.lines.filter((line) => !dropped.has(line)) }));
    for (const line of left.flatMap(({ lines }) => lines)) known.add(line.text);
    kept.push(left.filter(({ lines }) => lines.length > 0));
    await breathe(signal);
  }
  const writer = paragraphWriter(textBuilder(), known);
  const emptyPages: number[] = [];
  for (const [index, regions] of kept.entries()) {
    const page = index + 1;
    const groups = regions.flatMap((region) => groupLines(region, typical));
    writer.page(page, groups[0]);
    const other = replaced.get(page);
    if (other !== undefined && other.trim() !== "") writer.plain(other);
    else if (groups.length === 0) emptyPages.push(page);
    for (const group of groups) writer.write(group);
    await breathe(signal);
  }
  return { builder: writer.builder, notes: cleaned({ runningLines: dropped.size, ...writer.counts() }), emptyPages };
}

function cleaned(counts: { runningLines: number; hyphens: number; mended: number }): Note[] {
  const said = [
    [counts.runningLines, "lines of running headers, footers and page numbers dropped"],
    [counts.hyphens, "hyphens at line ends joined"],
    [counts.mended, "torn words closed"],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return said.length === 0 ? [] : [note("cleaned", `While the text was made: ${said.join(", ")}.`, counts)];
}

interface ParagraphWriter {
  readonly builder: TextBuilder;
  page(page: number, first: LineGroup | undefined): void;
  write(group: LineGroup): void;
  plain(text: string): void;
  counts(): { hyphens: number; mended: number };
}

function paragraphWriter(builder: TextBuilder, known: Words): ParagraphWriter {
  let hyphens = 0;
  let mended = 0;
  let open = ""; // the paragraph written last, while it can go on
  let fresh = true; // nothing to set the next paragraph apart from
  let above: { rank: number; level: number } | undefined; // the heading under which nothing stands yet
  const join = (lines: readonly Line[]): string => {
    let text = "";
    for (const line of lines) {
      if (text === "") text = line.text;
      else {
        const joined = joinLines(text, line.text, known);
        if (joined.hyphenRemoved) hyphens++;
        text = joined.text;
      }
    }
    return finish(text);
  };
  const finish = (text: string): string => {
    const whole = mendWords(text.replaceAll("\u00ad", ""), known);
    mended += whole.mended;
    return whole.text;
  };
  return {
    builder,
    counts: () => ({ hyphens, mended }),
    page(page, first) {
      if (first?.kind === "paragraph" && goesOn(open, first.lines[0]!.text)) builder.append(" ");
      else builder.endParagraph();
      builder.page(page);
      fresh = true;
      above = undefined;
    },
    write(group) {
      if (group.kind === "paragraph") {
        const text = join(group.lines);
        if (!fresh) {
          if (!group.gapBefore) builder.append("\n");
          else if (goesOn(open, text)) builder.append(" ");
          else builder.endParagraph();
        }
        builder.append(text);
        open = text;
        fresh = false;
        above = undefined;
        return;
      }
      if (group.kind === "heading") {
        // "Consolidated Statement of Cash Flows", "Years ended December 31": the second line belongs to the first
        above = { rank: group.level, level: above?.rank === group.level ? above.level + 1 : group.level };
        builder.heading(above.level, join(group.lines));
      } else {
        builder.rows(group.lines.map(({ text }) => finish(text)));
        above = undefined;
      }
      open = "";
      fresh = true;
    },
    plain(text) {
      for (const paragraph of text.split(/\r?\n[^\S\n]*\r?\n/)) builder.paragraph(paragraph);
      above = undefined;
      open = "";
      fresh = true;
    },
  };
}

// a sentence that runs on in the next column or on the next page
const goesOn = (before: string, after: string): boolean =>
  /[\p{L}\p{N},]$/u.test(before) && /^\p{Ll}/u.test(after) && !/^[a-z][.)]\s/.test(after);
