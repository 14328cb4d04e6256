import type { Passage } from "../source/passage.js";

/**
 * The string that is embedded for a passage: `title. text`, or `title. heading > heading`, context and text on lines of
 * their own; empty parts and headings that repeat the title are left out. Every index embeds exactly this, so that
 * vectors (and caches keyed by the string) are the same in all of them.
 */
export function embeddingText({ title, headings, context = "", text }: Passage): string {
  const path = headings.filter((heading) => heading !== title).join(" > ");
  const above = [path, context].filter((part) => part !== "");
  const below = [...above, text].join("\n");
  return title === "" ? below : `${title}. ${below}`;
}
