import { type ScriptedAnswer, type ScriptedRequest, scriptedModel } from "@clew/core/testing";
import { expect } from "vitest";
import type { Report } from "../researcher/report.js";
import type { ResearchEvent } from "../researcher/research-event.js";
import { said } from "./persisted-research.mjs";

/** All events of a stream. */
export async function collectResearch(events: AsyncIterable<ResearchEvent>): Promise<ResearchEvent[]> {
  const all: ResearchEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Which role a request is for, by its system prompt. */
export function researchRoleOf({ messages }: ScriptedRequest): string {
  const begins = { outline: "outliner", plan: "planner", check: "grader", correct: "repair" };
  const word = /^You (\w+)/.exec(messages[0]!.text)?.[1] ?? "";
  return begins[word as keyof typeof begins] ?? "writer";
}

/** A model that outlines three sections and writes them as it should; `instead` may answer in its place. */
export const researchModel = (
  instead: (
    request: ScriptedRequest,
    role: string,
  ) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined> = () => undefined,
) =>
  scriptedModel({
    answers: async (request) => {
      const other = await instead(request, researchRoleOf(request));
      if (other !== undefined) return other;
      const answer = said(request.messages[0]!.text, request.messages[1]!.text);
      return typeof answer === "string" ? answer : { json: answer };
    },
  });

/** What every report must hold, whatever was asked: one ledger, one numbering, every citation its passage's text. */
export function expectWhole(report: Report): void {
  const { sections, evidence, references, markdown } = report;
  expect(evidence.map(({ id }) => id)).toEqual(evidence.map((_, index) => `E${index + 1}`));
  expect(new Set(evidence.map(({ passage }) => passage.id)).size).toBe(evidence.length);
  const known = new Map(evidence.map(({ id, passage }) => [id, passage]));
  const used: string[] = [];
  const said = new Set<string>();
  for (const { status, sentences, repeats } of sections) {
    for (const { text, citations, verdict } of sentences) {
      for (const { evidence: id, quote, span, source } of citations) {
        const passage = known.get(id)!;
        expect(passage.text.slice(span[0] - passage.span[0], span[1] - passage.span[0])).toBe(quote);
        if (status !== "abstained" && !used.includes(source)) used.push(source);
      }
      if (verdict !== "supported") continue;
      expect(said).not.toContain(text.toLowerCase());
      said.add(text.toLowerCase());
    }
    for (const { citations } of repeats) for (const { source } of citations) expect(used).toContain(source);
  }
  expect(references.map(({ number, source }) => [number, source])).toEqual(used.map((one, index) => [index + 1, one]));
  // marks appear for the first time in the order of their numbers, in the text as in the bibliography
  const [text, bibliography = ""] = markdown.split("\n## Sources\n");
  const marks = (part: string) => [...new Set([...part.matchAll(/(?<!\\)\[(\d+)\]/g)].map(([, mark]) => Number(mark)))];
  expect(marks(text!)).toEqual(references.map(({ number }) => number));
  expect(marks(bibliography)).toEqual(references.map(({ number }) => number));
  expect(markdown.match(/^#{1,6} /gm)).toHaveLength(1 + sections.length + (references.length > 0 ? 1 : 0));
}
