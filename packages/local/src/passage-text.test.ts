import { aPassage } from "@clew/core/testing";
import { expect, it } from "vitest";
import { passageText } from "./passage-text.js";

it("puts title, headings and context before the text, each once", () => {
  const passage = aPassage({ title: "Paris", headings: ["Paris", "History"], context: "A city.", text: "It is old." });
  expect(passageText(passage)).toBe("Paris. History. A city. It is old.");
  expect(passageText({ ...passage, title: "", headings: [], context: undefined })).toBe("It is old.");
});
