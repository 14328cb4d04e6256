import { describe, expect, it } from "vitest";
import { passageId } from "../source/passage-id.js";
import { alignClaim } from "./align-claim.js";
import type { Evidence, EvidenceId } from "./evidence.js";

const evidence = (id: string, text: string, title = ""): Evidence => ({
  id: id as EvidenceId,
  passage: {
    id: passageId(id),
    source: id,
    ordinal: 0,
    span: [0, text.length],
    text,
    title,
    headings: [],
    line: 1,
    metadata: {},
  },
  score: 1,
  hop: 1,
  queries: ["q"],
});
const list = [
  evidence("E1", "Cats sleep a lot. The cat Tom was born in Paris in 1990. Tom likes milk.", "Tom"),
  evidence("E2", "Paris is the capital of France. It has two million people."),
];

describe("alignClaim", () => {
  it("quotes whole sentences that hold the claim", () => {
    expect(alignClaim("Tom was born in Paris in 1990.", list)).toEqual([
      { evidence: "E1", quote: "The cat Tom was born in Paris in 1990." },
    ]);
  });

  it("joins sentences of several passages, in the order of the evidence", () => {
    expect(
      alignClaim("The capital of France, Paris, is where Tom was born.", list).map(({ evidence: id }) => id),
    ).toEqual(["E1", "E2"]);
    expect(alignClaim("The capital of France, Paris, is where Tom was born.", list, { maxQuotes: 1 })).toHaveLength(1);
  });

  it("reads the title above a sentence", () => {
    expect(alignClaim("Tom sleeps a lot.", list)).toEqual([{ evidence: "E1", quote: "Cats sleep a lot." }]);
  });

  it("gives nothing where too little is covered, or nothing is claimed", () => {
    expect(alignClaim("Jupiter has dozens of moons and Tom.", list)).toEqual([]);
    expect(alignClaim("It is.", list)).toEqual([]);
    expect(alignClaim("Tom was born.", [])).toEqual([]);
    expect(() => alignClaim("Tom", list, { maxQuotes: 0 })).toThrow(/maxQuotes/);
  });
});
