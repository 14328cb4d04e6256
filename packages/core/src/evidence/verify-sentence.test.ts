import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hit } from "../search/hit.js";
import { passageId } from "../source/passage-id.js";
import { sentences } from "../text/sentences.js";
import { evidenceLedger } from "./evidence-ledger.js";
import { verifySentence } from "./verify-sentence.js";

const hit = (text: string, title = "", headings: readonly string[] = []): Hit => ({
  passage: {
    id: passageId(`${title}:${text}`),
    source: title,
    ordinal: 0,
    span: [0, text.length],
    text,
    title,
    headings,
    line: 1,
    metadata: {},
  },
  score: 1,
  explain: { kind: "other", name: "test", detail: {} },
});
const ledgerOf = (...hits: Hit[]) => {
  const ledger = evidenceLedger();
  ledger.add(hits, { query: "q", hop: 1 });
  return ledger;
};

const wood =
  "Edward Davis Wood Jr. (October 10, 1924 – December 10, 1978) was an American filmmaker, actor, and author. He directed three films for 1.5 billion lire. The company was not profitable in 2019, but it was profitable in 2020.";
const acme = "Revenue was $1,577 in 2021, against (302) the year before. It rose by 12 percent to 2,000 people.";
const ledger = ledgerOf(
  hit(wood, "Ed Wood"),
  hit(acme, "Acme Annual Report", ["Results (in millions)"]),
  hit("Shirley Temple served as Chief of Protocol of the US.", "Shirley Temple"),
);
const verdict = (text: string, evidence = "E1", quote?: string) =>
  verifySentence({ text, citations: [quote === undefined ? { evidence } : { evidence, quote }] }, ledger).sentence;

describe("verifySentence", () => {
  it.each([
    ["Ed Wood was an American filmmaker.", "E1"],
    ["Ed Wood was born on 10 October 1924.", "E1"],
    ["Ed Wood, an American actor and author, died in December 1978.", "E1"],
    ["Wood directed 3 films for 1,500,000,000 lire.", "E1"],
    ["The company was profitable in 2020.", "E1"],
    ["The company wasn't profitable in 2019.", "E1"],
    ["Acme's revenue was $1.577 billion in 2021.", "E2"],
    ["Revenue rose 12% to 2000 people.", "E2"],
    ["Ed Wood [E1] was an American filmmaker (E1, E2) [E1].", "E1"],
    ["Ed Wood was born in 1924 and died in 1978.", "E1"],
    ["Shirley Temple served as Chief of Protocol of the U.S.", "E3"],
  ])("supports %j", (text, evidence) => {
    const found = verdict(text, evidence);
    expect(found).toMatchObject({ verdict: "supported", reasons: [] });
    for (const { quote, span } of found.citations)
      expect(ledger.get(evidence)!.passage.text.slice(...span)).toBe(quote);
  });

  it.each([
    ["Ed Wood was born on 11 October 1924.", "E1", /date 11 October 1924/],
    ["Ed Wood was born in 1978.", "E1", /content words \(born\)/],
    ["Ed Wood was an American filmmaker until 1979.", "E1", /date 1979/],
    ["Wood directed four films for 1.5 billion lire.", "E1", /number four/],
    ["Tim Burton was an American filmmaker.", "E1", /name "Tim Burton"/],
    ["Ed Wood Wood2 was an American filmmaker.", "E1", /name "Ed Wood Wood2"/],
    ["Google was an American filmmaker.", "E1", /name "Google"/],
    ["Ed Wood was not an American filmmaker.", "E1", /denies/],
    ["The company was profitable in 2019.", "E1", /denies/],
    ["The company was not profitable in 2020.", "E1", /denies/],
    ["Revenue was €1.577 billion in 2021.", "E2", /number €1.577 billion/],
    ["Revenue rose by 2,000 percent.", "E2", /number 2,000 percent/],
    ["Ed Wood murdered several famous neighbours.", "E1", /No sentence of the evidence/],
  ])("does not support %j", (text, evidence, reason) => {
    const [start, end] = sentences(ledger.get(evidence)!.passage.text)[
      text.includes("company") ? 2 : text.includes("directed") ? 1 : 0
    ]!;
    const quote = reason.source.startsWith("No sentence")
      ? undefined
      : ledger.get(evidence)!.passage.text.slice(start, end);
    const found = verdict(text, evidence, quote);
    expect(found.verdict).toBe("unsupported");
    expect(found.reasons.join(" ")).toMatch(reason);
  });

  it("tells whole numbers apart that differ in their last digit", () => {
    const own = ledgerOf(hit("It came to 1,000,000,000 in all."));
    const of = (text: string) => verifySentence({ text, citations: [{ evidence: "E1" }] }, own).sentence.verdict;
    expect([of("It came to 1 billion in all."), of("It came to 999,999,999 in all.")]).toEqual([
      "supported",
      "unsupported",
    ]);
  });

  it("counts content words apart from names", () => {
    const found = verdict(
      "Shirley Temple poisoned the Chief of Protocol.",
      "E3",
      "Shirley Temple served as Chief of Protocol",
    );
    expect(found).toMatchObject({ verdict: "unsupported", reasons: [expect.stringContaining("poison")] });
  });

  it("removes what does not exist, and says so", () => {
    const { sentence, notes } = verifySentence(
      {
        text: "Ed Wood was an American filmmaker.",
        citations: [
          { evidence: "E7", quote: "x" },
          { evidence: "E1", quote: "was a Canadian filmmaker" },
          { evidence: "E1", quote: "was an American filmmaker" },
        ],
      },
      ledger,
    );
    expect(sentence).toMatchObject({
      verdict: "supported",
      citations: [{ evidence: "E1", quote: "was an American filmmaker" }],
    });
    expect(notes.map(({ code }) => code)).toEqual(["unknown-evidence", "quote-not-found"]);
    const forged = verifySentence({ text: "Ed Wood was a filmmaker.", citations: [{ evidence: "E7" }] }, ledger);
    expect(forged.sentence).toMatchObject({ verdict: "unsupported", citations: [] });
  });

  it("widens a quote that is too short to its sentence, and no further", () => {
    expect(verdict("Ed Wood was an American filmmaker.", "E1", "filmmaker")).toMatchObject({
      verdict: "supported",
      citations: [{ quote: expect.stringMatching(/^Edward Davis Wood Jr\..*author\.$/) }],
    });
    expect(verdict("Ed Wood directed three films.", "E1", "American filmmaker").verdict).toBe("unsupported");
  });

  it("joins quotes of several evidence, and drops citations that add nothing", () => {
    const { sentence, notes } = verifySentence(
      {
        text: "Ed Wood was an American filmmaker and Shirley Temple served as Chief of Protocol.",
        citations: [{ evidence: "E1" }, { evidence: "E2" }, { evidence: "E3" }],
      },
      ledger,
    );
    expect(sentence.verdict).toBe("supported");
    expect(sentence.citations.map(({ evidence }) => evidence)).toEqual(["E1", "E3"]);
    expect(notes).toMatchObject([{ code: "quote-not-found", detail: { evidence: "E2" } }]);
  });

  it("tells a sentence without citations from one without a claim", () => {
    const bare = (text: string) => verifySentence({ text, citations: [] }, ledger).sentence;
    expect(bare("Ed Wood was a filmmaker.")).toMatchObject({
      verdict: "uncited",
      reasons: [expect.stringContaining("cites nothing")],
    });
    for (const text of ["Here is what I found:", "Based on the sources provided:", "The answer follows."]) {
      expect(bare(text)).toMatchObject({ verdict: "uncited", reasons: [expect.stringContaining("claims nothing")] });
    }
  });

  it("finds quotes that contradict each other", () => {
    const two = ledgerOf(
      hit("The bridge of Arles carries 12,000 vehicles a day.", "Arles"),
      hit("The bridge of Arles carries 9,000 vehicles a day.", "Bridges"),
    );
    const { sentence, notes } = verifySentence(
      {
        text: "The bridge of Arles carries 12,000 vehicles a day.",
        citations: [
          { evidence: "E1", quote: "The bridge of Arles carries 12,000 vehicles a day." },
          { evidence: "E2", quote: "The bridge of Arles carries 9,000 vehicles a day." },
        ],
      },
      two,
    );
    expect(sentence.verdict).toBe("conflicting");
    expect(sentence.reasons[0]).toContain("9,000");
    expect(notes).toMatchObject([{ code: "conflict", detail: { evidence: ["E1", "E2"] } }]);
  });

  it("supports every sentence by itself", () => {
    const word = fc.constantFrom(
      ..."Ann Lee the was not born in 1924 1,577 $5 million May 3, Bank of England no. said – but “yes” U.S. 12% three -5 é 東京 (302) never; can't".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 25 }).map((words) => words.join(" ")),
        (text) => {
          const own = ledgerOf(hit(text));
          for (const span of sentences(text)) {
            const quote = text.slice(...span);
            const { sentence, notes } = verifySentence({ text: quote, citations: [{ evidence: "E1", quote }] }, own);
            if ((quote.match(/[\p{L}\p{N}]/gu) ?? []).length < 2) continue;
            expect([sentence.verdict, sentence.reasons, notes]).toEqual(["supported", [], []]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("never throws, and never cites what is not there, whatever a writer says", () => {
    const bits = fc
      .array(fc.constantFrom("Ed", "Wood", "1924", "not", "E1", "$&", "(", "[", "\\", "…", " ", ".", "\ud83d", "\0"), {
        maxLength: 12,
      })
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(
        bits,
        fc.array(
          fc.record({
            evidence: fc.constantFrom("E1", "E2", "E9", "__proto__"),
            quote: fc.option(bits, { nil: undefined }),
          }),
          { maxLength: 4 },
        ),
        (text, citations) => {
          const { sentence } = verifySentence({ text, citations }, ledger);
          for (const { evidence, span, quote } of sentence.citations)
            expect(ledger.get(evidence)!.passage.text.slice(...span)).toBe(quote);
        },
      ),
    );
  });

  it.each([
    ["It grew by １３ percent.", "It grew by 12 percent.", "unsupported"],
    ["It grew by １２ percent.", "It grew by 12 percent.", "supported"],
    ["It grew by ١٣ percent.", "It grew by ١٢ percent.", "unsupported"],
    ["It grew by ½ percent.", "It grew by ¼ percent.", "unsupported"],
    ["It grew by 1.000,50 units.", "It grew by 2.000,50 units.", "unsupported"],
    ["It grew by 1.000,50 units.", "It grew by 1.000,50 units.", "supported"],
    ["Revenue was 1577 million dollars.", "Revenue was $1,577 million.", "supported"],
  ])(
    "holds digits that no number is read from against the quotes as well: %j by %j is %s",
    (text, source, expected) => {
      const own = ledgerOf(hit(source));
      expect(verifySentence({ text, citations: [{ evidence: "E1", quote: source }] }, own).sentence.verdict).toBe(
        expected,
      );
    },
  );

  it("checks many numbers against a long passage without reading it again for each", () => {
    const numbers = Array.from({ length: 6000 }, (_, index) => `${index} `).join("");
    const own = ledgerOf(hit(`${"$1 in millions ".repeat(20_000)} 7`));
    const quote = own.get("E1")!.passage.text;
    expect(verifySentence({ text: numbers, citations: [{ evidence: "E1", quote }] }, own).sentence.verdict).toBe(
      "unsupported",
    );
  });

  it("compares clauses that say the same once", () => {
    const text = "a: b\n".repeat(16_000);
    const own = ledgerOf(hit(text));
    const { sentence } = verifySentence({ text, citations: [{ evidence: "E1", quote: text }] }, own);
    expect(sentence.verdict).toBe("supported");
  });
});
