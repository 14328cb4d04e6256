import type { Passage } from "@clew/core";

/** A passage as a cross-encoder reads it: title, headings, context and text, each ended by a full stop if by nothing else. */
export function passageText({ title, headings, context, text }: Passage): string {
  const above = [...new Set([title, ...headings, context ?? ""])].filter((part) => part !== "");
  return [...above.map((part) => (/\p{P}$/u.test(part) ? part : `${part}.`)), text].join(" ");
}
