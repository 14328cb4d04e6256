import { aPassage } from "@clew/core/testing";
import { analyzer as makeAnalyzer } from "@clew/core/text";
import { expect, it } from "vitest";
import { mentions } from "./mentions.js";
import { rankByRound } from "./rank-by-round.js";
import { evidenceReader } from "./read-evidence.js";
import { readQuestion } from "./read-question.js";
import { termWeights } from "./term-weights.js";

const analyzer = makeAnalyzer();
const read = evidenceReader(analyzer);
const question = readQuestion("Which band did the star of Aisa found?", analyzer);
const evidence = (
  [
    ["Aisa", "Aisa is a film of 2015. It stars Palash Sen.", 1, ["asked"]],
    ["Film awards", "A star of film won.", 1, ["asked", "Palash Sen band"]],
    ["Palash Sen", "Palash Sen is a singer. He founded the band Euphoria.", 2, ["Palash Sen band"]],
  ] as const
).map(([title, text, hop, queries], index) => ({
  id: `E${index + 1}` as never,
  passage: aPassage({ id: title, title, text }),
  score: 1,
  hop,
  queries,
}));

const scores = (rounds: number): Map<string, number> => {
  const seen = evidence
    .filter(({ hop }) => hop <= rounds)
    .map((one) => ({ ...one, queries: one.queries.slice(0, rounds) }));
  const passages = seen.map(read);
  const weights = termWeights(question, passages.slice(0, 2));
  const ranked = rankByRound(passages, { question, weights, mentions: mentions(passages), evidence: seen });
  expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).sort((a, b) => b - a));
  return new Map(ranked.map(({ passage, sentence, score }) => [`${passage} ${sentence.text}`, score]));
};

it("leaves the sentences of the first round as they were, and ranks later ones among them", () => {
  const before = scores(1);
  const after = scores(2);
  for (const [key, score] of before) expect(after.get(key)).toBe(score);
  expect(after.size).toBe(before.size + 2);
});
