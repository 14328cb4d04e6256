import { expect, it } from "vitest";
import { findMentions } from "./find-mentions.js";

const keys = new Set(["new york", "new york city", "their", "paris", "rome", "2001 a space odyssey", "東京"]);

it("takes the longest match that begins with a capital or a digit", () => {
  const text = "In New York City, paris and Paris saw 2001: A Space Odyssey.";
  const found = findMentions(text, keys);
  expect(found.map(({ key }) => key)).toEqual(["new york city", "paris", "2001 a space odyssey"]);
  expect(found.map(({ span }) => text.slice(...span))).toEqual(["New York City", "Paris", "2001: A Space Odyssey"]);
});

it("leaves out single words that are short or stop words", () => {
  expect(findMentions("Their way to Rome", keys)).toEqual([]);
  expect(findMentions("東京", keys)).toEqual([{ key: "東京", span: [0, 2] }]);
});

it("matches at most eight words", () => {
  const nine = "A b c d e f g h i";
  expect(findMentions(nine, new Set([nine.toLowerCase()]))).toEqual([]);
});
