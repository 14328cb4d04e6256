import type { Reader } from "@clew/core";
import { sourceOf } from "../source-of.js";
import { decodeText } from "../text/decode-text.js";
import { frontMatter } from "./front-matter.js";
import { scanMarkdown } from "./scan-markdown.js";

/**
 * Reads Markdown as it is written, links and emphasis included, so that a quote and its line are those of the file.
 * Front matter becomes metadata and stands in the text as as many empty lines. Headings (`#` and underlined) carry their
 * level; code fences and tables are blocks. Title: the front matter's `title`, else the first heading of level 1, else
 * the file name; language: the front matter's `lang` or `language`.
 */
export function markdownReader(): Reader {
  return {
    id: "markdown@1",
    mediaTypes: ["text/markdown", "text/x-markdown"],
    extensions: [".md", ".markdown", ".mdown", ".mkd", ".mdx"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const decoded = await decodeText(input.bytes, { name: input.name, expected: "Markdown", signal });
      const front = frontMatter(decoded.text, input.name);
      const text = "\n".repeat(front.lines) + afterLines(decoded.text, front.lines);
      const { headings, blocks } = await scanMarkdown(text, signal);

      const { title, lang, language = lang, ...metadata } = front.metadata;
      const first = headings.find(({ level }) => level === 1)?.text;
      const source = sourceOf(input, {
        title: typeof title === "string" || typeof title === "number" ? String(title) : first,
        metadata,
      });
      return {
        text: {
          source,
          text,
          pages: [],
          headings,
          ...(blocks.length === 0 ? {} : { blocks }),
          ...(typeof language === "string" ? { language } : {}),
        },
        notes: [...decoded.notes, ...front.notes],
      };
    },
  };
}

function afterLines(text: string, lines: number): string {
  let start = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf("\n", start);
    if (end === -1) return "";
    start = end + 1;
  }
  return text.slice(start);
}
