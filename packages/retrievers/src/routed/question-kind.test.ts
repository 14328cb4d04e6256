import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { questionKind, questionKinds } from "./question-kind.js";

describe("questionKind", () => {
  it.each([
    [
      "code",
      ["INV-2023-0042", "ERR_MODULE_NOT_FOUND", "E2", "useEffect", "error 0x80070057", "src/index.ts", "v1.2.3"],
    ],
    ["code", ["ISO 27001", "HTTP2", "CVE-2021-44228", "4006381333931", "BaseRetriever", "2023-11-24", "IGF-1"]],
    ["phrase", ['"to be or not to be"', "“the ship of Theseus” paradox", "«le fil d’Ariane» de Thésée"]],
    ["name", ["Marie Curie", "Leiden University", "Ludwig van Beethoven", "Ariadne"]],
    ["keywords", ["labyrinth builder crete", "foods for glaucoma", "", "?!", "the 1930s", "Diet and Cancer"]],
    ["keywords", ["measurement of dielectric constant of liquids by the use of microwave techniques"]],
    ["question", ["Who built the labyrinth?", "when was Leiden University founded", "Qui a construit le labyrinthe ?"]],
    [
      "question",
      ['Who wrote "War and Peace"?', "迷宮は誰が作った？", "explain photosynthesis", "Is CVE-2021-44228 fixed?"],
    ],
    [
      "multi-hop",
      ["Which of the two is older, Leiden University or Ghent University?", "Are Minos and Theseus both kings?"],
    ],
    [
      "multi-hop",
      ["Who is the father of the man who built the labyrinth?", "When was the director of the film Alien born?"],
    ],
    [
      "multi-hop",
      ["What is the cause of death of Joan's father?", "Where was the inventor whose son fell into the sea born?"],
    ],
  ] as const)("%s: %j", (kind, texts) => {
    for (const text of texts) expect([text, questionKind(text)]).toEqual([text, kind]);
  });

  it("gives a kind for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(questionKinds).toContain(questionKind(text));
      }),
    );
    for (const evil of [
      "of ".repeat(9_999),
      "a's ".repeat(9_999),
      '"'.repeat(9_999),
      "a/".repeat(9_999),
      "Aa".repeat(9_999),
    ]) {
      expect(questionKinds).toContain(questionKind(`who ${evil}`));
      expect(questionKinds).toContain(questionKind(evil));
    }
  });
});
