import type { ReaderInput, SourceText } from "@clew/core";
import { expect } from "vitest";

/** A reader's input for tests. */
export function readerInput(
  name: string,
  content: string | Uint8Array,
  fields: Partial<ReaderInput> = {},
): ReaderInput {
  return {
    id: name,
    name,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
    mediaType: "application/octet-stream",
    version: "v1",
    metadata: {},
    ...fields,
  };
}

/** Text of each heading's and block's span, and the promises that every source text keeps. */
export function spansOf({ text, headings, blocks = [] }: SourceText): { headings: string[]; blocks: string[] } {
  expect(text).toBe(text.normalize("NFC"));
  expect(text).not.toMatch(/\r|\0/);
  for (const spans of [headings.map(({ span }) => span), blocks]) {
    let last = 0;
    for (const [start, end] of spans) {
      expect(start).toBeGreaterThanOrEqual(last);
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(text.length);
      last = end;
    }
  }
  return {
    headings: headings.map(({ span }) => text.slice(...span)),
    blocks: blocks.map((span) => text.slice(...span)),
  };
}
