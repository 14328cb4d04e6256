import { expect, it } from "vitest";
import { answerType, holdsAnswer } from "./answer-type.js";

it.each([
  ["How many laps are run?", "number"],
  ["What is the total population of Ghent?", "number"],
  ["When was it founded?", "date"],
  ["In which year did it end?", "date"],
  ["Who wrote it?", "person"],
  ["Where is it?", "place"],
  ["In what city was it signed?", "place"],
  ["Which band played?", "name"],
  ["Tell me about it.", "any"],
] as const)("%s asks for a %s", (question, type) => {
  expect(answerType(question)).toBe(type);
});

it.each([
  ["number", "It has 25 laps.", 0, true],
  ["number", "It has twelve laps.", 0, true],
  ["number", "It has laps.", 0, false],
  ["date", "It began in May 1900.", 0, true],
  ["date", "It began early.", 0, false],
  ["person", "Minos ruled.", 1, true],
  ["place", "It stands in Ghent.", 1, true],
  ["place", "Ghent stands.", 1, false],
  ["any", "Minos ruled in 1900.", 1, false],
] as const)("%s: %s", (type, sentence, names, holds) => {
  expect(holdsAnswer(type, sentence, names)).toBe(holds);
});
