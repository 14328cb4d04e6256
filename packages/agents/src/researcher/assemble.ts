import {
  type Answer,
  type AnswerSentence,
  type Citation,
  type Evidence,
  type EvidenceId,
  type Note,
  note,
} from "@clew/core";
import { abstentionOf } from "./abstention-of.js";
import type { OutlineSection, Reference, ReportSection, SectionReference } from "./report.js";

/** A section's outline with what its run handed back. */
export interface WrittenSection {
  readonly section: OutlineSection;
  /** Evidence ids are the section's own. */
  readonly answer: Pick<Answer, "status" | "sentences" | "evidence" | "notes" | "usage">;
}

/** Sections under one ledger and one numbering. */
export interface Assembled {
  readonly sections: readonly ReportSection[];
  readonly evidence: readonly Evidence[];
  readonly references: readonly Reference[];
}

/**
 * Puts sections under one ledger: evidence ids count over all sections in their order, a passage that two of them found is one
 * evidence. Every citation is held against its passage again; one that is not its text at its span is taken out, with a
 * note. A sentence that an earlier section says word for word is referred to in its place. The first sections alone come out
 * as they do with more behind them.
 */
export function assemble(written: readonly WrittenSection[]): Assembled {
  const ledger = new Map<string, Evidence>();
  const said = new Map<string, string>();
  const sections = written.map(({ section, answer }): ReportSection => {
    const ids = takeIn(ledger, answer.evidence);
    const known = new Map([...ledger.values()].map((one) => [one.id, one]));
    const notes: Note[] = [...answer.notes];
    const sentences: AnswerSentence[] = [];
    const repeats = new Map<string, Citation[]>();
    const own: string[] = [];
    for (const sentence of answer.sentences) {
      const checked = recite(sentence, ids, known);
      notes.push(...checked.notes);
      const form = formOf(checked.sentence.text);
      const earlier = said.get(form);
      if (earlier === undefined || !isHeld(checked.sentence)) {
        sentences.push(checked.sentence);
        if (isHeld(checked.sentence)) own.push(form);
      } else repeats.set(earlier, [...(repeats.get(earlier) ?? []), ...checked.sentence.citations]);
    }
    for (const form of own) if (!said.has(form)) said.set(form, section.id);
    const grounded = sentences.some(isHeld) || repeats.size > 0;
    const status = grounded ? answer.status : "abstained";
    return {
      ...section,
      status,
      sentences,
      repeats: [...repeats].map(([id, citations]): SectionReference => ({ section: id, citations })),
      ...(status === "abstained" ? { abstention: abstentionOf(notes) } : {}),
      notes,
      usage: answer.usage,
    };
  });
  return { sections, evidence: [...ledger.values()], references: referencesOf(sections) };
}

/** Held by its quotes, even where another quote contradicts them. */
const isHeld = ({ verdict }: AnswerSentence): boolean => verdict === "supported" || verdict === "conflicting";

/** What makes two sentences the same: white space and case aside. */
const formOf = (text: string): string => text.replace(/\s+/g, " ").trim().toLowerCase();

/** Takes a section's evidence into the ledger. @returns the ledger's ids by the section's */
function takeIn(ledger: Map<string, Evidence>, evidence: readonly Evidence[]): Map<string, EvidenceId> {
  const ids = new Map<string, EvidenceId>();
  for (const one of evidence) {
    const { id, source, span, text } = one.passage;
    // two sections may have found different passages of one id, in different places
    const key = JSON.stringify([id, source, span, text]);
    const before = ledger.get(key);
    const taken: Evidence =
      before === undefined
        ? { ...one, id: `E${ledger.size + 1}` as EvidenceId }
        : {
            ...before,
            score: Math.max(before.score, one.score),
            queries: [...new Set([...before.queries, ...one.queries])],
          };
    ledger.set(key, taken);
    ids.set(one.id, taken.id);
  }
  return ids;
}

/** A sentence whose citations name the ledger's evidence, each held against it. */
function recite(
  sentence: AnswerSentence,
  ids: ReadonlyMap<string, EvidenceId>,
  known: ReadonlyMap<string, Evidence>,
): { readonly sentence: AnswerSentence; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const citations = sentence.citations.flatMap((citation): Citation[] => {
    const id = ids.get(citation.evidence);
    const passage = id === undefined ? undefined : known.get(id)?.passage;
    const [start, end] = citation.span;
    const from = passage?.span[0] ?? 0;
    if (id !== undefined && passage?.text.slice(start - from, end - from) === citation.quote) {
      return [{ ...citation, evidence: id }];
    }
    const message = "A quote is not the text of its passage in the report's ledger: it was taken out.";
    notes.push(note("quote-not-found", message, { source: citation.source, span: [start, end] }));
    return [];
  });
  if (notes.length === 0) return { sentence: { ...sentence, citations }, notes };
  const reasons = [...sentence.reasons, "A quote that it cites was not found again."];
  const verdict = citations.length === 0 ? "uncited" : "unsupported";
  return { sentence: { ...sentence, citations, verdict, reasons }, notes };
}

/** The bibliography: sources in the order in which sentences first cite them, with each of their quotes once. */
export function referencesOf(sections: readonly ReportSection[]): Reference[] {
  const found = new Map<string, { first: Citation; citations: Map<string, Citation> }>();
  for (const { status, sentences, repeats } of sections) {
    if (status === "abstained") continue;
    for (const citation of [...sentences, ...repeats].flatMap(({ citations }) => citations)) {
      const { source, span } = citation;
      const known = found.get(source) ?? { first: citation, citations: new Map<string, Citation>() };
      if (!known.citations.has(span.join())) known.citations.set(span.join(), citation);
      found.set(source, known);
    }
  }
  return [...found.values()].map(({ first: { source, title, uri }, citations }, index) => ({
    number: index + 1,
    source,
    title,
    ...(uri === undefined ? {} : { uri }),
    citations: [...citations.values()],
  }));
}
