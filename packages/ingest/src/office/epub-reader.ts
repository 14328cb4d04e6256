import { type Note, note, type Reader } from "@clew/core";
import { breathe } from "../event-loop.js";
import { htmlText } from "../html/html-text.js";
import { documentTitle } from "../pdf/document-title.js";
import { zippedMediaTypes } from "../sniff-media-type.js";
import { sourceOf } from "../source-of.js";
import { unreadableSource } from "../unreadable-source.js";
import { openZip, type ZipArchive, type ZipLimits } from "./open-zip.js";
import { resolvePath } from "./relationships.js";
import { findElements, textOf, type XmlElement, xmlTree } from "./xml-tree.js";

/** Options of {@link epubReader}. */
export interface EpubReaderOptions {
  /** How large the book may be when inflated. */
  readonly limits?: ZipLimits | undefined;
}

const expected = { mediaType: zippedMediaTypes.epub, description: "an EPUB book (.epub)" };

/**
 * Reads EPUB books: the documents of the spine in reading order, the table of contents left out. A chapter that does not
 * begin with a heading gets its name in the table of contents as one. Title, language and authors (as metadata `author`)
 * come from the package document. There are no pages. Books with copy protection are refused.
 *
 * @see EPUB 3.3, W3C Recommendation, sections 4 (container) and 5 (package document)
 */
export function epubReader({ limits }: EpubReaderOptions = {}): Reader {
  return {
    id: "epub@1",
    mediaTypes: [zippedMediaTypes.epub],
    extensions: [".epub"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { name, bytes } = input;
      const zip = openZip({ bytes, name, expected, limits });
      const book = await openBook(zip, name);
      const notes: Note[] = [];
      const chapters: string[] = [];
      for (const path of book.chapters) {
        await breathe(signal);
        const xhtml = await zip.text(path);
        if (xhtml === undefined)
          notes.push(note("source-skipped", `"${name}" lists ${path}, but does not hold it.`, { path }));
        else chapters.push(chapterHtml(xhtml, book.labels.get(path)));
      }
      const language = book.language === undefined ? "" : ` lang="${book.language.replace(/[^\w-]/g, "")}"`;
      const page = await htmlText(`<html${language}><body>${chapters.join("\n")}</body></html>`, {
        mainOnly: false,
        signal,
      });
      const title = documentTitle({ title: book.title, name });
      const text = page.build(
        sourceOf(input, { title, metadata: book.authors.length === 0 ? {} : { author: book.authors } }),
      );
      if (text.text === "") {
        throw unreadableSource({
          name,
          because: "it holds no text",
          remedy: "If its pages are pictures, leave it out.",
        });
      }
      return { text, notes };
    },
  };
}

interface Book {
  readonly title?: string | undefined;
  readonly language?: string | undefined;
  readonly authors: readonly string[];
  /** Paths in the archive, in reading order. */
  readonly chapters: readonly string[];
  /** Names in the table of contents, by path. */
  readonly labels: ReadonlyMap<string, string>;
}

async function openBook(zip: ZipArchive, name: string): Promise<Book> {
  const broken = (because: string): Error =>
    unreadableSource({ name, because, remedy: "Download it again, or convert it anew." });
  const container = xmlTree((await zip.text("META-INF/container.xml")) ?? "");
  const root = findElements(container, "rootfile")[0]?.attributes["full-path"];
  const xml = root === undefined ? undefined : await zip.text(root);
  if (root === undefined || xml === undefined) throw broken("its container names no package document");
  const opf = xmlTree(xml);
  const manifest = new Map(findElements(opf, "item").map((item) => [item.attributes.id, item.attributes]));
  const spine = findElements(opf, "itemref").flatMap(({ attributes }) => {
    const item = manifest.get(attributes.idref);
    return item?.href === undefined || / ?\bnav\b/.test(item.properties ?? "") ? [] : [item];
  });
  const chapters = spine
    .filter((item) => /xhtml|html|xml/.test(item["media-type"] ?? "xhtml"))
    .map((item) => resolvePath(root, decodePath(item.href!)));
  if (chapters.length === 0) throw broken("its package document lists no chapters");
  // fonts may be scrambled without harm; text may not
  const locked = findElements(xmlTree((await zip.text("META-INF/encryption.xml")) ?? ""), "CipherReference").some(
    ({ attributes }) => chapters.includes(resolvePath("", decodePath(attributes.URI ?? ""))),
  );
  if (locked) {
    throw unreadableSource({ name, because: "it is copy-protected", remedy: "Use a copy without protection." });
  }
  const toc = [...manifest.values()].filter(
    (item) => /\bnav\b/.test(item.properties ?? "") || item["media-type"] === "application/x-dtbncx+xml",
  );
  const first = (tag: string): string | undefined => {
    const element = findElements(opf, tag)[0];
    return element === undefined ? undefined : textOf(element).trim();
  };
  return {
    title: first("title"),
    language: first("language"),
    authors: findElements(opf, "creator")
      .map((creator) => textOf(creator).trim())
      .filter((author) => author !== ""),
    chapters,
    labels: await tocLabels(
      zip,
      toc.flatMap((item) => (item.href === undefined ? [] : [resolvePath(root, decodePath(item.href))])),
    ),
  };
}

// EPUB 3 has links in a nav element, EPUB 2 has navPoints with a label and a target
async function tocLabels(zip: ZipArchive, paths: readonly string[]): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  for (const path of paths) {
    const tree = xmlTree((await zip.text(path)) ?? "");
    const add = (target: string | undefined, label: XmlElement | undefined): void => {
      const file = resolvePath(path, decodePath((target ?? "").replace(/#.*$/, "")));
      const text = label === undefined ? "" : textOf(label).replace(/\s+/g, " ").trim();
      if (text !== "" && !labels.has(file)) labels.set(file, text);
    };
    for (const nav of findElements(tree, "nav")) {
      for (const link of findElements(nav, "a")) add(link.attributes.href, link);
    }
    const waiting = findElements(tree, "navPoint");
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
      add(findElements(point, "content")[0]?.attributes.src, findElements(point, "navLabel")[0]);
      waiting.unshift(...findElements(point, "navPoint"));
    }
  }
  return labels;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // a per cent sign that is part of the name
    return path;
  }
}

// one document for all chapters: what stands in the body, with XML's empty elements closed as HTML wants it
function chapterHtml(xhtml: string, label: string | undefined): string {
  const body = /<body\b[^>]*>([\s\S]*?)(?:<\/body\s*>|$)/i.exec(xhtml)?.[1] ?? "";
  const closed = body.replace(
    /<(?!(?:area|br|col|embed|hr|img|input|link|meta|source|wbr)\b)([A-Za-z][\w:-]*)((?:\s[^<>]*)?)\/>/g,
    "<$1$2></$1>",
  );
  const startsWithHeading =
    /^(?:\s|<(?:section|div|header|article|main|a|span)\b[^>]*>|<\/(?:a|span)>|<!--[\s\S]*?-->)*<h[1-6]\b/i.test(
      closed,
    );
  if (startsWithHeading || label === undefined || closed.replace(/<[^>]*>/g, "").trim() === "")
    return `<div>${closed}</div>`;
  return `<h1>${label.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</h1><div>${closed}</div>`;
}
