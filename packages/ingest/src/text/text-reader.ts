import type { Reader } from "@clew/core";
import { sourceOf } from "../source-of.js";
import { decodeText } from "./decode-text.js";

/**
 * Reads plain text as it stands: UTF-8, UTF-16, else windows-1252 with a `guessed` note. Lines of the text are lines of
 * the file.
 */
export function textReader(): Reader {
  return {
    id: "text@1",
    mediaTypes: ["text/plain"],
    extensions: [".txt", ".text", ".log"],
    async read(input, { signal } = {}) {
      signal?.throwIfAborted();
      const { text, notes } = await decodeText(input.bytes, { name: input.name, expected: "plain text", signal });
      return { text: { source: sourceOf(input), text, pages: [], headings: [] }, notes };
    },
  };
}
