import { aHit } from "@clew/core/testing";
import { analyzer as makeAnalyzer } from "@clew/core/text";
import { expect, it } from "vitest";
import { extractiveOutline } from "./extractive-outline.js";

const analyzer = makeAnalyzer();
const outlineOf = (question: string) => extractiveOutline({ question, hits: [aHit({ id: "a" })], max: 6, analyzer });

it.each([
  ["Who built it? Give a response that names the king.", "Who built it?"],
  [
    "Assume that you are a guide. Answer the following by the plan: who built the Labyrinth? Answer in one word.",
    "who built the Labyrinth?",
  ],
  ["What does Amazon.com pay for 3.5 hours? Who pays?", "What does Amazon.com pay for 3.5 hours? Who pays?"],
  ["The Labyrinth: its builders", "The Labyrinth: its builders"],
  ["Is this right: who built it, and when?", "who built it, and when?"],
])("asks first what is asked, without orders on how to answer: %s", (question, asked) => {
  expect(outlineOf(question).sections[0]).toEqual({ id: "s1", heading: "In short", question: asked });
});

it("takes no order for a name", () => {
  const { sections } = outlineOf(
    "You are an analyst. Answer by the text: who met Theseus, Ariadne or Minos? Answer in English.",
  );
  const headings = sections.map(({ heading }) => heading);
  expect(headings).toEqual(expect.arrayContaining(["Theseus", "Ariadne"]));
  expect(headings).not.toContain("Answer");
  expect(headings).not.toContain("English");
});
