import type { MetadataValue, Passage, SourceText, Span } from "@clew/core";
import { sentences } from "@clew/core/text";

/** A part of a context that rules make. */
export type ContextRule =
  /** The source's title. */
  | "title"
  /** The headings above the passage. */
  | "headings"
  /** Where the passage stands among the source's: `part 3 of 12`. */
  | "position"
  /** The source's first sentence, in passages that do not hold it. */
  | "lead"
  /** A metadata field: `year: 2023`. */
  | { readonly metadata: string };

/** Where a lead sentence is looked for, in UTF-16 code units. */
const leadWindow = 2000;
const longestLead = 300;

/**
 * Contexts by rules, in the order of the passages: what the rules give, in their order, on one line of at most so many
 * characters; empty where they give nothing.
 */
export function ruleContexts(
  text: SourceText,
  passages: readonly Passage[],
  rules: readonly ContextRule[],
  maxCharacters: number,
): string[] {
  const lead = rules.includes("lead") ? leadOf(text) : undefined;
  return passages.map((passage) => {
    const parts = rules.map((rule) => partOf(rule, passage, passages.length, text, lead)).filter((part) => part !== "");
    return oneLine(parts.map((part) => (/[.!?…。！？]$/.test(part) ? part : `${part}.`)).join(" "), maxCharacters);
  });
}

function partOf(
  rule: ContextRule,
  { title, headings, ordinal, span, metadata }: Passage,
  count: number,
  { text }: SourceText,
  lead: Span | undefined,
): string {
  if (typeof rule === "object") {
    const value = metadata[rule.metadata];
    return value === undefined || value === null ? "" : `${rule.metadata}: ${shown(value)}`;
  }
  switch (rule) {
    case "title":
      return title;
    case "headings":
      return headings.filter((heading) => heading !== title).join(" > ");
    case "position":
      return `part ${ordinal + 1} of ${count}`;
    case "lead":
      return lead === undefined || span[0] < lead[1] ? "" : text.slice(...lead);
  }
}

const shown = (value: MetadataValue): string => (Array.isArray(value) ? value.join(", ") : String(value));

/** The first sentence behind the headings that open the text. */
function leadOf({ text, headings }: SourceText): Span | undefined {
  let start = 0;
  for (const { span } of headings) {
    if (text.slice(start, span[0]).trim() !== "") break;
    start = Math.max(start, span[1]);
  }
  const end = Math.min(text.length, start + leadWindow);
  const first = sentences(text, { start, end }).find(([from, to]) => text.slice(from, to).trim() !== "");
  return first === undefined ? undefined : [first[0], Math.min(first[1], first[0] + longestLead)];
}

/** A text on one line, cut at white space where it is too long. */
export function oneLine(text: string, maxCharacters: number): string {
  const line = text.replace(/\s+/g, " ").trim().toWellFormed();
  if (line.length <= maxCharacters) return line;
  const space = line.lastIndexOf(" ", maxCharacters);
  if (space > maxCharacters / 2) return line.slice(0, space);
  const code = line.charCodeAt(maxCharacters);
  return line.slice(0, code >= 0xdc00 && code <= 0xdfff ? maxCharacters - 1 : maxCharacters);
}
