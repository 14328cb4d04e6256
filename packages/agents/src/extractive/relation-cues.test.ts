import { expect, it } from "vitest";
import { relationCues } from "./relation-cues.js";

it.each([
  ["Where was the director of Aisa born?", "Rajshree Ojha (born 1976) is an Indian director.", 1],
  ["When did Minos die?", "Minos (1010 – 1070) ruled Crete.", 1],
  ["Who is the wife of Theseus?", "He married Phaedra.", 1],
  ["What country is Ban Pakpo in?", "It is a Laotian village.", 1],
  ["Who is the wife of Theseus?", "He killed the Minotaur.", 0],
  ["Which award did Ira win?", "Ira was inducted into the Hall of Fame.", 1],
] as const)("%s is told by: %s", (question, sentence, told) => {
  expect(relationCues(question).filter((cue) => cue.told.test(sentence)).length > 0 ? 1 : 0).toBe(told);
});

it("finds no relation where none is asked for", () => {
  expect(relationCues("Tell me about Crete.")).toEqual([]);
});
