import { expect, it } from "vitest";
import { findBlocks } from "./find-blocks.js";

it.each([
  ["a\n```ts\nx\n\n| y |\n| z |\n```\nb", ["```ts\nx\n\n| y |\n| z |\n```"]],
  ["| a |\n| b |\n\n| one row |\nc", ["| a |\n| b |"]],
  ["~~~\nnever closed", []],
  ["````\n```\n````", ["````\n```\n````"]],
])("finds the blocks of %j", (text, blocks) => {
  expect(findBlocks(text, 0, text.length).map((span) => text.slice(...span))).toEqual(blocks);
});
