import type { Passage } from "@clew/core";

/** A passage as a cross-encoder reads it: title, headings, context and text, told apart by full stops. */
export function passageText({ title, headings, context, text }: Passage): string {
  const above = [...new Set([title, ...headings, context ?? ""])].filter((part) => part !== "");
  return [...above, text].join(". ");
}
