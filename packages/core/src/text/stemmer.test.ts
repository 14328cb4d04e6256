import { expect, it } from "vitest";
import { stemmer } from "./stemmer.js";
import type { TextLanguage } from "./text-language.js";

it.each<[TextLanguage, string, string]>([
  ["en", "generalizations", "general"],
  ["es", "bibliotecas", "bibliotec"],
  ["sv", "böckerna", "böck"],
  ["ko", "고양이는", "고양"],
  ["ko", "고양이", "고양"],
  ["zh", "首都", "首都"],
  ["en", `${"x".repeat(60)}ing`, `${"x".repeat(60)}ing`],
])("stems %s %s", (language, word, stem) => {
  expect(stemmer(language)(word)).toBe(stem);
});
