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
  ["What is the date of birth of Minos?", "date"],
  ["What is the place of death of Minos?", "place"],
  ["Which country is Minos from?", "country"],
  ["What is the award that Ira won?", "award"],
  ["Which film whose director is younger, Aisa or Ira?", "name"],
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
  ["country", "He is an Austrian director.", 0, true],
  ["country", "He directs.", 0, false],
  ["award", "She won the Tony Award.", 1, true],
  ["award", "She won.", 1, false],
  ["any", "Minos ruled in 1900.", 1, false],
] as const)("%s: %s", (type, sentence, names, holds) => {
  expect(holdsAnswer(type, sentence, names)).toBe(holds);
});
