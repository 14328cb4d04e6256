import { type Metadata, type Note, note, positiveInteger, type Reader } from "@clew/core";
import { sourceOf } from "../source-of.js";
import { decodeText } from "../text/decode-text.js";
import { unreadableSource } from "../unreadable-source.js";
import { htmlText } from "./html-text.js";
import { findMainContent, type MainContent } from "./main-content.js";
import type { HtmlText } from "./written-html.js";

/** Options of {@link htmlReader}. */
export interface HtmlReaderOptions {
  /**
   * Reads the part of a page that people come for (Readability), where that is a third of its text or more; else, and
   * with `false`, the whole page. Needs linkedom and \@mozilla/readability. @default true
   */
  readonly mainContent?: boolean | undefined;
  /** Time for finding the main content, in milliseconds; after that the whole page is read, with a note. @default 30000 */
  readonly timeoutMs?: number | undefined;
}

const longestForMain = 3_000_000; // code units
const deepestForMain = 400;
const smallestShare = 1 / 3;

/**
 * Reads HTML: headings, paragraphs, lists, tables as blocks of rows, `pre` as blocks, language by `lang`. Scripts and
 * styles are dropped, and so are navigation, footers and hidden parts; images and link targets are not kept.
 */
export function htmlReader({ mainContent = true, timeoutMs = 30_000 }: HtmlReaderOptions = {}): Reader {
  positiveInteger("timeoutMs", timeoutMs);
  return {
    id: mainContent ? "html@1" : "html@1?whole",
    mediaTypes: ["text/html", "application/xhtml+xml"],
    extensions: [".html", ".htm", ".xhtml"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { name } = input;
      const declared = declaredEncoding(input.bytes);
      const decoded = await decodeText(input.bytes, { name, expected: "HTML", declared, signal });
      const notes: Note[] = [...decoded.notes];
      const html = decoded.text;

      let page = await htmlText(html, { mainOnly: true, signal });
      let built = page.build(sourceOf(input, page));
      if (built.text === "") {
        // everything stood inside something that was left out, such as a nav that is never closed
        page = await htmlText(html, { mainOnly: false, signal });
        built = page.build(sourceOf(input, page));
        if (built.text !== "")
          notes.push(note("guessed", `${name} has no text outside its navigation; that was read.`));
      }
      if (built.text === "") {
        throw unreadableSource({
          name,
          because: "it holds no text (a page that only a script fills, or none at all)",
          remedy: "Save the page as a browser shows it, or leave it out.",
        });
      }
      if (!mainContent) return { text: built, notes };

      const main = await mainOf(html, page, { name, timeoutMs, signal, notes });
      if (main === undefined) return { text: built, notes };
      const inner = await htmlText(main.html, { mainOnly: true, signal });
      const source = sourceOf(input, {
        title: main.title.trim() === "" ? page.title : main.title,
        metadata: pageMetadata(main),
      });
      const text = { ...inner.build(source), ...(built.language === undefined ? {} : { language: built.language }) };
      const [kept, all] = [text.text.length, built.text.length];
      if (kept < all * smallestShare) {
        const share = Math.round((kept / all) * 100);
        notes.push(
          note("guessed", `${name} was read whole: its main content would have been ${share} % of its text.`, {
            kept,
            all,
          }),
        );
        return { text: { ...built, source }, notes };
      }
      if (kept < all) {
        notes.push(
          note("cleaned", `${all - kept} of ${all} characters of ${name} are not its main content and were left out.`, {
            kept,
            all,
          }),
        );
      }
      return { text, notes };
    },
  };
}

interface MainOptions {
  readonly name: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly notes: Note[];
}

async function mainOf(
  html: string,
  { depth }: HtmlText,
  { name, timeoutMs, signal, notes }: MainOptions,
): Promise<MainContent | undefined> {
  if (html.length > longestForMain || depth > deepestForMain) {
    const why = html.length > longestForMain ? `${html.length} characters long` : `nested ${depth} deep`;
    notes.push(note("guessed", `${name} is ${why}; it was read whole, its main content was not looked for.`));
    return undefined;
  }
  const result = await findMainContent(html, { timeoutMs, signal });
  if (result.code === "found") return result.content;
  const why = result.code === "none" ? "no main content was found" : result.because;
  notes.push(note("guessed", `${name} was read whole: ${why}.`));
  return undefined;
}

function pageMetadata({ byline, site, published }: MainContent): Metadata {
  const found = { author: byline.replace(/\s+/g, " ").trim(), site: site.trim(), published: published.trim() };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== ""));
}

/** The encoding that the first 4 KB declare. @see WHATWG HTML, 13.2.3.2 "Prescanning a byte stream" */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
  const label =
    /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1] ??
    /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)/i.exec(head)?.[1];
  // a page that could say so in ASCII is not UTF-16, whatever it says
  return label === undefined || !/^utf-?16/i.test(label) ? label : "utf-8";
}
