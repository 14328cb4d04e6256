import { expect } from "vitest";
import type { SourceText } from "../source/source-text.js";

/** Expects what every source text keeps to: NFC, `\n`, whole characters, and offsets that are true and in order. */
export function expectSourceText({ text, pages, headings, blocks = [] }: SourceText): void {
  expect(text).not.toMatch(/\r/);
  expect(text.normalize("NFC")).toBe(text);
  expect(text.isWellFormed()).toBe(true);
  for (const [index, { page, start }] of pages.entries()) {
    expect(Number.isSafeInteger(page) && page >= 1).toBe(true);
    expect(start >= 0 && start <= text.length).toBe(true);
    const before = pages[index - 1];
    if (before !== undefined) expect(start >= before.start && page > before.page).toBe(true);
  }
  let last = 0;
  for (const { level, text: heading, span } of headings) {
    expect(level).toBeGreaterThanOrEqual(1);
    expect(span[0] >= last && span[0] < span[1] && span[1] <= text.length).toBe(true);
    last = span[1];
    expect(bare(text.slice(...span))).toContain(bare(heading));
  }
  last = 0;
  for (const [start, end] of blocks) {
    expect(start >= last && start < end && end <= text.length).toBe(true);
    last = end;
  }
}

/** Letters and digits alone: a heading's line may carry marks that its text does not. */
const bare = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, "");
