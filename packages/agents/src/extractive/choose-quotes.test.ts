import { aPassage } from "@clew/core/testing";
import { analyzer as makeAnalyzer } from "@clew/core/text";
import { describe, expect, it } from "vitest";
import { bridges } from "./bridge-queries.js";
import { chooseQuotes } from "./choose-quotes.js";
import { mentions } from "./mentions.js";
import { rankSentences } from "./rank-sentences.js";
import { evidenceReader } from "./read-evidence.js";
import { readQuestion } from "./read-question.js";
import { coverage, termWeights } from "./term-weights.js";

const analyzer = makeAnalyzer();
const read = evidenceReader(analyzer);
const passagesOf = (...texts: (readonly [title: string, text: string])[]) =>
  texts.map(([title, text], index) =>
    read({
      id: `E${index + 1}` as never,
      passage: aPassage({ id: title, title, text }),
      score: 1,
      hop: 1,
      queries: [],
    }),
  );

const firstRound = (passages: readonly unknown[]) => passages.map(() => ({ hop: 1, queries: ["asked"] }));

const chosen = (asked: string, passages: ReturnType<typeof passagesOf>, count: number): string[] => {
  const question = readQuestion(asked, analyzer);
  const weights = termWeights(question, passages);
  const links = mentions(passages);
  const ranked = rankSentences(passages, { question, weights, mentions: links, evidence: firstRound(passages) });
  return chooseQuotes(ranked, { weights, mentions: links, count }).map(({ sentence }) => sentence.text);
};

describe("chooseQuotes", () => {
  const chain = passagesOf(
    ["Aisa", "Aisa is a film of 2015. It stars Palash Sen."],
    ["Film awards", "Film awards are given to stars of film. A film of 2015 won."],
    ["Palash Sen", "Palash Sen is a singer. He founded the band Euphoria."],
  );

  it("hears the second step of a chain", () => {
    expect(chosen("Which band did the star of Aisa found?", chain, 3)).toEqual(
      expect.arrayContaining(["It stars Palash Sen.", "He founded the band Euphoria."]),
    );
  });

  it("hears both sides of a comparison before it says more of one", () => {
    const sides = passagesOf(
      ["Leiden", "Leiden was founded in 1575. Leiden was founded by William. Leiden is old and was founded early."],
      ["Utrecht", "Utrecht was founded in 1636."],
    );
    expect(chosen("Which was founded first, Leiden or Utrecht?", sides, 2).map((text) => text.split(" ")[0])).toEqual([
      "Leiden",
      "Utrecht",
    ]);
  });

  it("chooses no more than there is, and nothing from nothing", () => {
    expect(chosen("Which film stars Palash Sen?", chain, 50)).toHaveLength(6);
    expect(chosen("Who?", [], 4)).toEqual([]);
  });

  it("takes a sentence that two passages share once", () => {
    const overlapping = passagesOf(
      ["Crete", "The labyrinth was built by Daedalus. Daedalus fled."],
      ["Crete 2", "The labyrinth was built by Daedalus. It was built of stone."],
    );
    const quotes = chosen("Who built the labyrinth?", overlapping, 4);
    expect(quotes).toHaveLength(new Set(quotes).size);
    expect(quotes).toContain("The labyrinth was built by Daedalus.");
  });

  it("does not fill up with passages that merely came along", () => {
    const found = passagesOf(
      ["Crete", "# Crete\n\nThe labyrinth was built by Daedalus."],
      ["Bread", "Bread rises in the oven."],
    );
    expect(chosen("Who built the labyrinth?", found, 4)).toEqual(["The labyrinth was built by Daedalus."]);
  });

  it("quotes a passage that holds one word of a long question", () => {
    const question =
      "Which maker of looms, praised by the weavers of Haarlem and the dyers of Ghent for narrow ribbons, moved to Delft?";
    const found = passagesOf(
      ["Haarlem", "Haarlem had weavers, dyers and makers of looms who praised narrow ribbons from Ghent."],
      ["Jan Smit", "Jan Smit moved away in 1620."],
      ["Bread", "Bread rises in the oven."],
    );
    expect(chosen(question, found, 4)).toEqual([
      "Haarlem had weavers, dyers and makers of looms who praised narrow ribbons from Ghent.",
      "Jan Smit moved away in 1620.",
    ]);
  });

  it("hears more of a passage that several searches found", () => {
    const sides = passagesOf(["Jan Smit", "Jan Smit wove ribbons."], ["Piet Smit", "Piet Smit wove ribbons."]);
    const question = readQuestion("Who wove ribbons?", analyzer);
    const weights = termWeights(question, sides);
    const evidence = [
      { hop: 1, queries: ["asked"] },
      { hop: 1, queries: ["asked", "another"] },
    ];
    const ranked = rankSentences(sides, { question, weights, mentions: mentions(sides), evidence });
    // by hand: ln 2 / ln 3 for the first, ln 3 / ln 3 for the second
    const votes = new Map(ranked.map(({ passage, features }) => [passage, features.votes]));
    expect([votes.get(0), votes.get(1)]).toEqual([Math.log(2) / Math.log(3), 1]);
  });

  it("takes the longest title that the question names", () => {
    const shows = passagesOf(
      ["One Night Only", "The show is hosted by Ben Shephard."],
      ["For One Night Only", "The show is hosted by Gay Byrne."],
    );
    const question = readQuestion("For One Night Only was hosted by whom?", analyzer);
    const weights = termWeights(question, shows);
    const ranked = rankSentences(shows, { question, weights, mentions: mentions(shows), evidence: firstRound(shows) });
    expect(new Map(ranked.map(({ passage, features }) => [passage, features.titleAsked]))).toEqual(
      new Map([
        [0, 0],
        [1, 1],
      ]),
    );
  });
});

describe("termWeights", () => {
  it("weighs by rarity among the evidence, names half as much again", () => {
    const passages = passagesOf(["a", "Bridges of steel."], ["b", "Bridges of stone."]);
    const weights = termWeights(readQuestion("steel bridges Zeeland", analyzer), passages);
    // by hand: ln(1 + 3/2), ln(1 + 3/3), 1.5 × ln(1 + 3/1)
    expect([...weights.values()].map((weight) => Number(weight.toFixed(2)))).toEqual([0.92, 0.69, 2.08]);
    expect(coverage(weights, () => true)).toBe(1);
    expect(coverage(new Map(), () => true)).toBe(0);
  });
});

describe("bridges", () => {
  it("follows names that the question does not hold, with the words that they leave open", () => {
    const passages = passagesOf(
      ["Aisa", "Aisa is a film that stars Palash Sen and Ira Dubey."],
      ["Ira Dubey", "Ira Dubey acts."],
    );
    const question = readQuestion("Which band did the star of Aisa found?", analyzer);
    const found = bridges(question, passages, {
      weights: termWeights(question, passages),
      mentions: mentions(passages),
    });
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["Ira Dubey", "Palash Sen"]));
    for (const { query } of found) {
      expect(query).toContain("band");
      expect(query).not.toContain("Aisa");
    }
  });
});
