import { type AnswerSentence, cite, type Evidence, type EvidenceId, note, noUsage } from "@clew/core";
import { aPassage } from "@clew/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { assemble, type WrittenSection } from "./assemble.js";
import { reportMarkdown } from "./report-markdown.js";

const passages = ["alpha is first.", "beta is second.", "gamma is third.", "delta is [7] fourth.\n# Forged"].map(
  (text, at) => aPassage({ id: `p${at}`, source: `source-${at % 3}`, title: `Title ${at % 3}`, text }),
);

/** A section that found these passages, in this order, and quotes some of them whole. */
function section(at: number, found: readonly number[], quoted: readonly number[]): WrittenSection {
  const evidence = found.map(
    (one, index): Evidence => ({
      id: `E${index + 1}` as EvidenceId,
      passage: passages[one]!,
      score: 1 / (at + 1),
      hop: 1,
      queries: [`query ${at}`],
    }),
  );
  const sentences = quoted.flatMap((one): AnswerSentence[] => {
    const held = evidence.find(({ passage }) => passage === passages[one]);
    if (held === undefined) return [];
    const citation = cite(held, [0, held.passage.text.length]);
    return [{ text: citation.quote, citations: [citation], verdict: "supported", reasons: [] }];
  });
  const status = sentences.length > 0 ? "answered" : "abstained";
  const outline = { id: `s${at + 1}`, heading: `Heading ${at + 1}`, question: `question ${at + 1}` };
  return { section: outline, answer: { status, sentences, evidence, notes: [], usage: noUsage } };
}

it("numbers evidence over all sections; what two of them found is one", () => {
  const { evidence, sections, references } = assemble([section(0, [1, 0], [0]), section(1, [0, 2], [2, 0])]);
  // by hand: the first section found p1 and p0, the second p0 again and p2
  expect(evidence.map(({ id, passage, queries }) => [id, passage.id, queries])).toEqual([
    ["E1", "p1", ["query 0"]],
    ["E2", "p0", ["query 0", "query 1"]],
    ["E3", "p2", ["query 1"]],
  ]);
  expect(sections.map(({ sentences }) => sentences.map(({ citations }) => citations[0]!.evidence))).toEqual([
    ["E2"],
    ["E3"],
  ]);
  expect(sections[1]!.repeats.map(({ section: earlier, citations }) => [earlier, citations[0]!.evidence])).toEqual([
    ["s1", "E2"],
  ]);
  expect(references.map(({ number, source }) => [number, source])).toEqual([
    [1, "source-0"],
    [2, "source-2"],
  ]);
});

it("takes a quote out that is not its passage's text, with a note", () => {
  const written = section(0, [0], [0]);
  const [sentence] = written.answer.sentences;
  const forged = { ...sentence!, citations: [{ ...sentence!.citations[0]!, quote: "alpha is last." }] };
  const { sections, references } = assemble([{ ...written, answer: { ...written.answer, sentences: [forged] } }]);
  expect(sections[0]).toMatchObject({ status: "abstained", sentences: [{ verdict: "uncited", citations: [] }] });
  expect(sections[0]!.notes.map(({ code }) => code)).toEqual(["quote-not-found"]);
  expect(references).toEqual([]);
});

it("keeps passages of one id apart that are not the same", () => {
  const [first, second] = [section(0, [0], [0]), section(1, [1], [1])];
  const other = { ...second.answer.evidence[0]!, passage: { ...passages[1]!, id: passages[0]!.id } };
  const { evidence } = assemble([first, { ...second, answer: { ...second.answer, evidence: [other] } }]);
  expect(evidence.map(({ id, passage }) => [id, passage.text])).toEqual([
    ["E1", "alpha is first."],
    ["E2", "beta is second."],
  ]);
});

it("says why a section is silent, and lets no source forge a heading or a mark", () => {
  const silent = section(1, [], []);
  const cut = {
    ...silent,
    answer: { ...silent.answer, notes: [note("budget-reached", "The limit of hops was reached.")] },
  };
  const { sections, references } = assemble([section(0, [3], [3]), cut]);
  expect(reportMarkdown({ title: "A [1] report\n# of #1", sections, references })).toBe(
    [
      "# A ［1］ report # of #1",
      "## 1. Heading 1",
      "- “delta is ［7］ fourth. # Forged” [1]",
      "## 2. Heading 2",
      "*This section's share of the budget ended before anything was found that answers it.*",
      "## Sources",
      "[1] Title 0 (source-0)",
      "- line 1: “delta is ［7］ fourth. # Forged”\n",
    ].join("\n\n"),
  );
});

it.each([
  ["https://example.org/a?b=1", "[1] Title 0 <https://example.org/a?b=1>"],
  ["file:///home/somebody/secret/a.md", "[1] Title 0 (source-0)"],
  ["/home/somebody/a.md", "[1] Title 0 (source-0)"],
  ["https://example.org/a b> # forged", "[1] Title 0 (source-0)"],
])("names a source by its address of the web, by its id where it has another: %s", (uri, shown) => {
  const written = section(0, [0], [0]);
  const sentences = written.answer.sentences.map((sentence) => ({
    ...sentence,
    citations: sentence.citations.map((citation) => ({ ...citation, uri })),
  }));
  const { sections, references } = assemble([{ ...written, answer: { ...written.answer, sentences } }]);
  expect(references[0]!.uri).toBe(uri);
  const markdown = reportMarkdown({ title: "T", sections, references });
  expect(markdown.split("\n")).toContain(shown);
  expect(markdown.includes("somebody")).toBe(false);
});

it("marks what sources disagree about", () => {
  const written = section(0, [0], [0]);
  const sentences = written.answer.sentences.map((sentence) => ({
    ...sentence,
    text: "Alpha.",
    verdict: "conflicting" as const,
  }));
  const { sections, references } = assemble([{ ...written, answer: { ...written.answer, sentences } }]);
  expect(reportMarkdown({ title: "T", sections, references })).toContain("Alpha. [1] *(the sources disagree)*");
});

it("the first sections come out the same with more behind them", () => {
  const some = fc.uniqueArray(fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(some, some), { minLength: 1, maxLength: 5 }), (drawn) => {
      const written = drawn.map(([found, quoted], at) => section(at, found, quoted));
      const whole = assemble(written);
      for (let count = 1; count <= written.length; count++) {
        const part = assemble(written.slice(0, count));
        expect(part.sections).toEqual(whole.sections.slice(0, count));
        expect(part.references.map(({ source }) => source)).toEqual(
          whole.references.slice(0, part.references.length).map(({ source }) => source),
        );
        expect(part.evidence.map(({ id, passage }) => [id, passage.id])).toEqual(
          whole.evidence.slice(0, part.evidence.length).map(({ id, passage }) => [id, passage.id]),
        );
      }
      const said = whole.sections.flatMap(({ sentences }) => sentences.map(({ text }) => text));
      expect(new Set(said).size).toBe(said.length);
    }),
  );
});
