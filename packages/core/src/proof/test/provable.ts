import type { Answer } from "../../agent/answer.js";
import type { Evidence, EvidenceId } from "../../evidence/evidence.js";
import { noUsage } from "../../run/usage.js";
import { aPassage } from "../../testing/a-passage.js";

/** An answer of one sentence and one quote, in which everything that a source or a model may say says the same. */
export function provable({ said, uri }: { readonly said: string; readonly uri: string }): Answer {
  const quote = said === "" ? "-" : said;
  const text = `Before. ${quote} After.`;
  const id = "E1" as EvidenceId;
  const passage = aPassage({ id: said, source: uri, text, title: said, uri, headings: [said] });
  const evidence: Evidence = { id, passage, score: 1, hop: 1, queries: [said] };
  const citation = {
    evidence: id,
    quote,
    source: uri,
    title: said,
    uri,
    span: [8, 8 + quote.length] as const,
    line: 1,
  };
  return {
    id: said,
    question: `A question: ${said}`,
    status: "answered",
    text: said,
    sentences: [{ text: said, citations: [citation], verdict: "unsupported", reasons: [said] }],
    citations: [citation],
    evidence: [evidence],
    hops: [{ hop: 1, subQuestion: said, query: said, why: `why ${said}`, hits: 1, fresh: ["E1"] }],
    notes: [{ code: "stopped", message: said }],
    usage: noUsage,
    trace: { run: said, lines: [], texts: {} },
  };
}
