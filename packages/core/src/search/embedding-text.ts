import type { Passage } from "../source/passage.js";

/**
 * The string that is embedded for a passage: title, headings, context and text, one a line, empty ones left out. Every
 * index embeds exactly this, so that vectors (and caches keyed by the string) are the same in all of them.
 */
export const embeddingText = ({ title, headings, context, text }: Passage): string =>
  [title, headings.join(" > "), context ?? "", text].filter((part) => part !== "").join("\n");
