import type { Heading, PageBreak, Source, SourceText, Span } from "@clew/core";

/** What {@link TextBuilder.build} adds to the text. */
export interface BuildOptions {
  readonly source: Source;
  /** BCP 47 tag of the language, when known. */
  readonly language?: string | undefined;
}

/**
 * Writes a canonical text from front to back and knows every offset exactly.
 *
 * Whatever is appended, in whatever pieces, the text is NFC with `\n` line ends and well-formed (a lone surrogate or
 * NUL becomes U+FFFD), and offsets are taken after that, never before. White space at the very end is dropped.
 */
export interface TextBuilder {
  /** Length of the text so far, in UTF-16 code units, without gaps that nothing has followed yet. */
  readonly length: number;
  /** Continues the running text. After a heading, block or paragraph it begins a new paragraph. */
  append(text: string): void;
  /** Ends the running text; what follows stands after one blank line. */
  endParagraph(): void;
  /** Appends a paragraph of its own, outer white space dropped. A blank one appends nothing. */
  paragraph(text: string): void;
  /**
   * Appends a heading on a line of its own, white space collapsed; its span slices to exactly its text. A blank one
   * appends nothing.
   *
   * @param level 1 is the highest
   */
  heading(level: number, text: string): void;
  /** The next character begins this page. Every page is listed, one without text with the start of the next. */
  page(page: number): void;
  /**
   * Appends lines that a splitter keeps together, such as code or a record; outer blank lines are dropped. A blank one
   * appends nothing.
   */
  block(text: string): void;
  /**
   * Appends lines such as table rows as blocks of whole lines, blank ones dropped.
   *
   * @param maxBlock longest block in code units; what is longer is cut between lines. @default 2000
   */
  rows(lines: readonly string[], options?: { maxBlock?: number | undefined }): void;
  /**
   * Appends a table as blocks of whole rows, cells joined by ` | `, white space in cells collapsed, blank rows dropped.
   *
   * @param maxBlock longest block in code units; a longer table is cut between rows. @default 2000
   */
  table(rows: readonly (readonly string[])[], options?: { maxBlock?: number | undefined }): void;
  /** The finished text. The builder can go on afterwards. */
  build(options: BuildOptions): SourceText;
}

// before any other character NFC never joins, so what stands ahead of the last such one is final
const unsettled = /[\u0300-\u3000\u302a-\u3040\u3097-\u30a0\u30fb-\u33ff\ua000-\uabff\ud7a4-\uffff]/;
const paragraphGap = "\n\n";

/** Makes an empty {@link TextBuilder}. */
export function textBuilder(): TextBuilder {
  const pages: PageBreak[] = [];
  const headings: Heading[] = [];
  const blocks: Span[] = [];
  const done: string[] = []; // final; joined once, since a growing string would be copied again and again
  let doneLength = 0;
  let tail = ""; // NFC so far, but what follows may still compose with it
  let pendingReturn = false; // the last append ended in \r, so a \n now belongs to it
  let gap = ""; // written only when something follows
  let waiting: number[] = []; // pages whose first character has not come yet

  const length = () => doneLength + tail.length;

  function write(text: string): void {
    const whole = pendingReturn && text.startsWith("\n") ? text.slice(1) : text;
    pendingReturn = text.endsWith("\r");
    if (whole === "") return;
    tail = (tail + whole.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd")).normalize("NFC");
    let cut = tail.length - 1;
    while (cut > 0 && unsettled.test(tail[cut]!)) cut--;
    // two characters stay, so that a gap knows what it follows
    cut = Math.max(0, Math.min(cut, tail.length - 2));
    if (cut === 0) return;
    done.push(tail.slice(0, cut));
    doneLength += cut;
    tail = tail.slice(cut);
  }

  function begin(): void {
    if (gap !== "") {
      pendingReturn = false;
      if (length() > 0) write(tail.endsWith("\n\n") ? "" : tail.endsWith("\n") ? "\n" : gap);
      gap = "";
    }
    for (const page of waiting) pages.push({ page, start: length() });
    waiting = [];
  }

  const endParagraph = (): void => {
    gap = paragraphGap;
  };

  // text on lines of its own: nothing composes over "\n", so its span is final at once
  function alone(text: string): Span {
    endParagraph();
    begin();
    const start = length();
    write(text);
    endParagraph();
    return [start, length()];
  }

  const builder: TextBuilder = {
    get length() {
      return length();
    },
    append(text) {
      if (text === "") return;
      begin();
      write(text);
    },
    endParagraph,
    paragraph(text) {
      const trimmed = text.trim();
      if (trimmed !== "") alone(trimmed);
    },
    heading(level, text) {
      const trimmed = collapse(text);
      if (trimmed === "") return;
      headings.push({ level, text: "", span: alone(trimmed) }); // its text is read off at the end
    },
    page(page) {
      waiting.push(page);
    },
    block(text) {
      const trimmed = text
        .replace(/\r\n?/g, "\n")
        .replace(/^(?:[^\S\n]*\n)+/, "")
        .trimEnd();
      if (trimmed !== "") blocks.push(alone(trimmed));
    },
    rows(lines, { maxBlock = 2000 } = {}) {
      let held: string[] = [];
      let size = 0;
      const flush = () => {
        if (held.length > 0) builder.block(held.join("\n"));
        held = [];
        size = 0;
      };
      for (const line of lines) {
        if (line.trim() === "") continue;
        if (size > 0 && size + 1 + line.length > maxBlock) flush();
        size += line.length + (size > 0 ? 1 : 0);
        held.push(line);
      }
      flush();
    },
    table(rows, options) {
      const lines = rows.map((row) => row.map(collapse).join(" | "));
      builder.rows(
        lines.filter((line) => /[^\s|]/.test(line)),
        options,
      );
    },
    build({ source, language }) {
      // U+FFFD has the length of what it replaces, so no offset moves
      const text = (done.join("") + tail).trimEnd().toWellFormed();
      const end = text.length;
      const open = waiting.map((page) => ({ page, start: end }));
      return {
        source,
        text,
        pages: [...pages.map(({ page, start }) => ({ page, start: Math.min(start, end) })), ...open],
        headings: headings.map((heading) => ({ ...heading, text: text.slice(...heading.span) })),
        ...(language === undefined ? {} : { language }),
        ...(blocks.length === 0 ? {} : { blocks: [...blocks] }),
      };
    },
  };
  return builder;
}

const collapse = (text: string): string => text.replace(/\s+/g, " ").trim();
