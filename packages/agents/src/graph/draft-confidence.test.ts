import type { AnswerSentence, Citation, Evidence } from "@clew/core";
import { aPassage } from "@clew/core/testing";
import { expect, it } from "vitest";
import { draftConfidence } from "./draft-confidence.js";

const evidence = [{ id: "E1", passage: aPassage({ id: "a", title: "Labyrinth" }) }] as unknown as Evidence[];
const said = (verdict: AnswerSentence["verdict"], quote: string): AnswerSentence => ({
  text: quote,
  citations: [{ evidence: "E1", quote } as unknown as Citation],
  verdict,
  reasons: [],
});

it("is the share of claims supported times the share of the question held by quotes and titles", () => {
  const question = "Who built the labyrinth of Crete?"; // built, labyrinth, Crete
  expect(draftConfidence(question, [said("supported", "Daedalus built it on Crete.")], evidence)).toBe(1);
  expect(draftConfidence(question, [said("supported", "Daedalus built it.")], evidence)).toBeCloseTo(2 / 3);
  const half = [said("supported", "Daedalus built it on Crete."), said("unsupported", "Minos fled.")];
  expect(draftConfidence(question, half, evidence)).toBe(0.5);
});

it("is 0 where nothing is cited or asked", () => {
  expect(draftConfidence("Who?", [], evidence)).toBe(0);
  expect(draftConfidence("the of", [said("supported", "Daedalus.")], evidence)).toBe(0);
});
