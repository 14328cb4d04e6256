import fc from "fast-check";
import snowball from "snowball-stemmers";
import { describe, expect, it } from "vitest";
import { porter2 } from "./porter2.js";

const made = snowball.newStemmer("english");

describe("porter2", () => {
  it.each([
    ["consignment", "consign"],
    ["knightly", "knight"],
    ["hopping", "hop"],
    ["hoping", "hope"],
    ["generalizations", "general"],
    ["communism", "communism"],
    ["skies", "sky"],
    ["boys", "boy"],
    ["cries", "cri"],
    ["relational", "relat"],
  ])("stems %s to %s", (word, stem) => {
    expect(porter2(word)).toBe(stem);
  });

  it("equals the Snowball library on words of every shape", () => {
    const piece = fc.constantFrom(
      ..."a e i o u y b c d l s t n r w x g k é 1 gener commun arsen".split(" "),
      ..."s es ed ing ly li ies ied eed eedly ingly edly us ss sses ation ator ational tional izer ization enci anci".split(
        " ",
      ),
      ..."abli entli alism aliti alli fulness ousli ousness iveness iviti biliti bli ogi fulli lessli alize icate iciti".split(
        " ",
      ),
      ..."ical ful ness ative al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize ion e ll".split(
        " ",
      ),
    );
    const word = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(word, (given) => {
        expect(porter2(given)).toBe(made.stem(given) || given);
      }),
      { numRuns: 20_000 },
    );
  });
});
