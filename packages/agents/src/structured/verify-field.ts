import {
  type AnswerField,
  type Citation,
  cite,
  conflictsAmong,
  type DraftCitation,
  type Evidence,
  type EvidenceLedger,
  type FieldDraft,
  type FieldValue,
  type LeafForm,
  locateQuote,
  type Note,
  note,
  verifySentence,
} from "@clew/core";
import { type Analyzer, sentences, wordTokens } from "@clew/core/text";
import { doing } from "./doing.js";
import { holdsValue } from "./holds-value.js";
import { wordsOf } from "./leaves-of.js";
import { pathOf } from "./pointer.js";

/** What a value is held against. */
export interface FieldGround {
  readonly leaf: LeafForm;
  readonly ledger: EvidenceLedger;
  /** Texts of the fields beside it: a unit or scale may stand there. */
  readonly beside: readonly string[];
  readonly analyzer: Analyzer;
}

/** A field with what code found of it. */
export interface VerifiedField {
  readonly field: AnswerField;
  readonly notes: readonly Note[];
}

/** Words from which on a text is prose, and is held against its quotes like a sentence of an answer. */
const proseWords = 6;
const maxShown = 120;
/** Sentences that are looked through for a value that came without a quote. */
const maxAligned = 40;

/**
 * Verifies a value by code alone. Quotes are located as in sentences; a value is supported when one of them holds it:
 * numbers by value, dates by day, texts and choices verbatim, prose and booleans as `verifySentence` finds it. Where none does, the whole
 * sentences of the quotes are tried, then the sentences of all evidence that hold the value and a word of the field's name. A value
 * that is held nowhere becomes null.
 */
export function verifyField({ path, value, citations: drafts }: FieldDraft, ground: FieldGround): VerifiedField {
  const { leaf, ledger, analyzer } = ground;
  const { located, named, notes } = locate(path, drafts, ledger);
  const label = labelWords(path, leaf);
  const hint = [label, leaf.about ?? "", ...ground.beside].join("\n");

  const heldBy = (citation: Citation): FieldValue | undefined => {
    const passage = ledger.get(citation.evidence)!.passage;
    const around = [passage.title, ...passage.headings, passage.text].join("\n");
    return (
      holdsValue(leaf, value, { quote: citation.quote, around, hint }) ??
      (isSaid(path, leaf, value, citation, ledger, analyzer) ? value : undefined)
    );
  };
  const supporting = (citations: readonly Citation[], most: number): { citation: Citation; held: FieldValue }[] => {
    const found: { citation: Citation; held: FieldValue }[] = [];
    for (const citation of citations) {
      const held = heldBy(citation);
      if (held !== undefined) found.push({ citation, held });
      if (found.length === most) break;
    }
    return found;
  };
  let holding = supporting(located, located.length);
  if (holding.length === 0) holding = supporting(inWholeSentences(located, ledger), 1);
  if (holding.length === 0) holding = supporting(aligned(path, leaf, { ledger, named, analyzer }), 1);
  const [first] = holding;
  if (first !== undefined) {
    const cited = distinct([...holding.map(({ citation }) => citation), ...located]);
    const conflicts = conflictsAmong(cited, analyzer);
    return {
      field: {
        value: first.held,
        citations: conflicts.length > 0 ? cited : distinct(holding.map(({ citation }) => citation)),
        verdict: conflicts.length > 0 ? "conflicting" : "supported",
        reasons: conflicts.map(({ message }) => message),
      },
      notes: [
        ...notes,
        ...conflicts.map(({ between, message }) =>
          note("conflict", message, { path, evidence: between.map(({ evidence }) => evidence) }),
        ),
      ],
    };
  }
  const shown = shorten(String(value));
  const reason =
    drafts.length === 0
      ? `"${shown}" came without a quote, and no sentence of the evidence that speaks of it holds it.`
      : located.length === 0
        ? `None of the quotes for "${shown}" stands in the evidence.`
        : `The quotes do not hold "${shown}".`;
  return {
    field: { value: null, citations: [], verdict: drafts.length === 0 ? "uncited" : "unsupported", reasons: [reason] },
    notes,
  };
}

function locate(path: string, drafts: readonly DraftCitation[], ledger: EvidenceLedger) {
  const notes: Note[] = [];
  const located: Citation[] = [];
  const named = new Set<string>();
  for (const { evidence, quote } of drafts) {
    if (ledger.get(evidence) === undefined) {
      const shown = shorten(evidence);
      notes.push(
        note("unknown-evidence", `There is no evidence "${shown}"; the citation of ${path} was removed.`, {
          evidence: shown,
          path,
        }),
      );
      continue;
    }
    named.add(evidence);
    if (quote === undefined || quote.trim() === "") continue;
    const found = locateQuote({ evidence, quote }, ledger);
    if (found.code === "quote-found") located.push(...found.citations);
    else {
      const shown = shorten(quote);
      notes.push(
        note("quote-not-found", `"${shown}" does not stand in ${evidence}; the quote of ${path} was removed.`, {
          evidence,
          path,
          quote: shown,
        }),
      );
    }
  }
  return { located: distinct(located), named, notes };
}

/** Whether a quote says of the field what no quote holds as such: yes or no, or a text in its own words. */
function isSaid(
  path: string,
  leaf: LeafForm,
  value: FieldValue,
  { evidence, quote }: Citation,
  ledger: EvidenceLedger,
  analyzer: Analyzer,
): boolean {
  const says = (text: string): boolean =>
    verifySentence({ text, citations: [{ evidence, quote }] }, ledger, { analyzer }).sentence.verdict === "supported";
  if (typeof value === "boolean") {
    const name = lastName(path).replace(/^(?:is|has|have|was|were|are|does|did)\s/, "");
    const about = leaf.about?.replace(/^(?:whether|if|true (?:if|when|where))\s+/i, "").replace(/[.?]\s*$/, "");
    return [name, about].some((claim) => claim !== undefined && claim !== "" && says(value ? claim : `not ${claim}`));
  }
  return typeof value === "string" && leaf.kind === "text" && wordTokens(value).length >= proseWords && says(value);
}

function inWholeSentences(citations: readonly Citation[], ledger: EvidenceLedger): Citation[] {
  return citations.flatMap(({ evidence: id, span }) => {
    const one = ledger.get(id)!;
    const offset = one.passage.span[0];
    const touched = sentences(one.passage.text).filter(
      ([start, end]) => start < span[1] - offset && span[0] - offset < end,
    );
    const [first, last] = [touched[0], touched.at(-1)];
    return first === undefined || last === undefined ? [] : [cite(one, [first[0], last[1]])];
  });
}

/**
 * Sentences that speak of the field: with a word of its name, or two of its description; those with most of them first, those of
 * the evidence that was named before others.
 */
function aligned(
  path: string,
  leaf: LeafForm,
  { ledger, named, analyzer }: { ledger: EvidenceLedger; named: ReadonlySet<string>; analyzer: Analyzer },
): Citation[] {
  const own = new Set(analyzer.terms(lastName(path)).flatMap((term) => [term, ...doing(term, analyzer)]));
  const about = new Set(analyzer.terms(leaf.about ?? "").filter((term) => !own.has(term)));
  const scored = ledger.list().flatMap((one: Evidence, order) =>
    sentences(one.passage.text).flatMap(([start, end]) => {
      const terms = new Set(analyzer.terms(one.passage.text.slice(start, end)));
      const names = [...own].filter((term) => terms.has(term)).length;
      const shared = [...about].filter((term) => terms.has(term)).length;
      if (names === 0 && shared < 2) return [];
      return [{ citation: cite(one, [start, end]), score: 2 * names + shared, order, isNamed: named.has(one.id) }];
    }),
  );
  return scored
    .sort(
      (a, b) =>
        Number(b.isNamed) - Number(a.isNamed) ||
        b.score - a.score ||
        a.order - b.order ||
        a.citation.span[0] - b.citation.span[0],
    )
    .slice(0, maxAligned)
    .map(({ citation }) => citation);
}

/** The words of the last name in a path. */
const lastName = (path: string): string =>
  wordsOf(
    pathOf(path)
      .filter((step) => !/^\d+$/.test(step))
      .at(-1) ?? "",
  );

/** The words of a field: its names, and what the schema says of it. */
export const labelWords = (path: string, { about }: LeafForm): string =>
  [
    ...pathOf(path)
      .filter((step) => !/^\d+$/.test(step))
      .map(wordsOf),
    about ?? "",
  ]
    .join(" ")
    .trim();

function distinct(citations: readonly Citation[]): Citation[] {
  return [...new Map(citations.map((one) => [`${one.evidence} ${one.span[0]} ${one.span[1]}`, one])).values()];
}

const shorten = (text: string): string => (text.length > maxShown ? `${text.slice(0, maxShown - 1)}…` : text);
