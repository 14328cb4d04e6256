import { type Answer, noUsage, passageId } from "@clew/core";
import { aPassage } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { answerJson } from "./answer-json.js";
import { formatAnswer } from "./format-answer.js";

const citation = {
  evidence: "E1" as Answer["evidence"][number]["id"],
  quote: "He hosted\nthe show.",
  source: "gay-byrne.md",
  title: "Gay Byrne",
  uri: "file:///docs/gay-byrne.md",
  span: [12, 31] as const,
  line: 3,
};

const answer: Answer = {
  id: "run",
  question: "Who?",
  status: "partial",
  text: "He hosted the show.",
  sentences: [
    { text: "He hosted\nthe show.", citations: [citation], verdict: "supported", reasons: [] },
    { text: "It rained.", citations: [], verdict: "uncited", reasons: ["cites nothing"] },
  ],
  citations: [citation],
  evidence: [{ id: citation.evidence, passage: aPassage({ id: passageId("p") }), score: 1, hop: 1, queries: ["q"] }],
  hops: [{ hop: 1, subQuestion: "q1", query: "host show", why: "", hits: 8, fresh: ["E1"] }],
  notes: [{ code: "budget-reached", message: "The hop limit ended the search." }],
  usage: noUsage,
  trace: { run: "a1", lines: [], texts: {} },
};

describe("formatAnswer", () => {
  it("shows hops, sentences with numbered citations, places and notes", () => {
    expect(formatAnswer(answer)).toBe(
      [
        "Hops",
        "  1. “host show” → 8 passages, 1 new",
        "",
        "Answer (partial)",
        "  He hosted the show. [1]",
        "  It rained.   (uncited: cites nothing)",
        "",
        "Sources",
        "  [1] Gay Byrne · gay-byrne.md, line 3, characters 12–31",
        "      “He hosted the show.”",
        "",
        "Notes",
        "  The hop limit ended the search.",
      ].join("\n"),
    );
  });

  it("names the page where there is one", () => {
    const paged = { ...answer, citations: [{ ...citation, page: 7 }] };
    expect(formatAnswer(paged, { hops: false })).toContain("gay-byrne.md, page 7, characters 12–31");
  });
});

describe("answerJson", () => {
  it("refers to citations by position and keeps 0 and null", () => {
    const json = answerJson({ ...answer, citations: [{ ...citation, span: [0, 19], uri: undefined }], sentences: [] });
    expect(json.citations).toEqual([
      {
        quote: citation.quote,
        source: "gay-byrne.md",
        title: "Gay Byrne",
        uri: null,
        page: null,
        line: 3,
        start: 0,
        end: 19,
      },
    ]);
    expect(answerJson(answer).sentences.map((sentence) => sentence.citations)).toEqual([[0], []]);
    expect(Object.keys(json)).toEqual(["status", "text", "sentences", "citations", "notes", "usage", "hops"]);
  });
});
