import { expect, it } from "vitest";
import { words } from "./join-hyphens.js";
import { mendWords } from "./mend-words.js";

it.each([
  ["Consolidated Statement of Cash Flow s", "cash flows", "Consolidated Statement of Cash Flows", 1],
  ["Item 1. Busines s.", "business", "Item 1. Business.", 1],
  ["Selected Dat a.", "data", "Selected Data.", 1],
  ["a flow s of water", "a river", "a flow s of water", 0],
  ["column a and column b", "columna column columnb", "column a and columnb", 1],
  ["see part s.", "part", "see part s.", 0],
] as const)("%j, knowing %j", (text, document, expected, mended) => {
  const known = words();
  known.add(document);
  expect(mendWords(text, known)).toEqual({ text: expected, mended });
});
