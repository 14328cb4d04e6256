import { type Answer, type AnswerSentence, type Citation, evidenceLedger, noUsage, verifySentence } from "@clew/core";
import { aHit } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { checkAnswer } from "./check-answer.js";

const text = "The Seine flows through Paris. It is 777 kilometres long.";
const ledger = evidenceLedger();
const [evidence] = ledger.add([aHit({ id: "p1", source: "seine.md", text, span: [0, text.length] })], {
  hop: 1,
  query: "Seine",
});
const texts = new Map([["seine.md", text]]);
const { sentence } = verifySentence(
  {
    text: "The Seine flows through Paris.",
    citations: [{ evidence: evidence!.id, quote: "The Seine flows through Paris." }],
  },
  ledger,
);

const answerOf = (
  sentences: readonly AnswerSentence[],
  citations: readonly Citation[] = sentences.flatMap((one) => one.citations),
): Answer => ({
  id: "run",
  question: "Which river?",
  status: "answered",
  text: sentences.map((one) => one.text).join(" "),
  sentences,
  citations,
  evidence: [evidence!],
  hops: [],
  notes: [],
  usage: noUsage,
  trace: { run: "a1", lines: [], texts: {} },
});

const withCitation = (change: Partial<Citation>): AnswerSentence => ({
  ...sentence,
  citations: [{ ...sentence.citations[0]!, ...change }],
});

describe("checkAnswer", () => {
  it("finds nothing wrong with a verified answer", () => {
    expect(sentence.verdict).toBe("supported");
    expect(checkAnswer(answerOf([sentence]), texts)).toEqual([]);
  });

  it.each([
    ["a quote that is not verbatim", withCitation({ quote: "The Seine crosses Paris." }), "is not"],
    ["an empty quote", withCitation({ quote: "", span: [3, 3] }), "is not"],
    ["a span beside the quote", withCitation({ span: [1, 31] }), "is not"],
    ["unknown evidence", withCitation({ evidence: "E9" as Citation["evidence"] }), "no evidence E9"],
    ["another source", withCitation({ source: "rhine.md" }), "is from seine.md"],
    ["a span outside of the evidence", withCitation({ span: [0, 99] }), "outside"],
    ["a false verdict", { ...sentence, text: "The Seine is 800 kilometres long." }, "is unsupported"],
    ["a verdict without a citation", { ...sentence, citations: [] }, "cites nothing"],
    ["a verdict without a reason", { ...sentence, verdict: "unsupported" as const }, "nothing says why"],
  ])("finds %s", (_, forged, wrong) => {
    expect(checkAnswer(answerOf([forged]), texts).join("\n")).toContain(wrong);
  });

  it("finds citations that only one of answer and sentences has", () => {
    expect(checkAnswer(answerOf([sentence], []), texts).join("\n")).toContain("does not list");
    expect(checkAnswer(answerOf([], sentence.citations), texts).join("\n")).toContain("no sentence cites");
  });
});
