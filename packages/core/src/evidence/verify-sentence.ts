import type { AnswerSentence } from "../agent/answer.js";
import { type Note, note } from "../run/note.js";
import type { Analyzer } from "../text/analyzer-port.js";
import { sentences } from "../text/sentences.js";
import { alignClaim } from "./align-claim.js";
import { checkClaim } from "./check-claim.js";
import type { Citation, DraftCitation } from "./citation.js";
import { readClaim } from "./claim.js";
import { conflictsAmong } from "./conflicts-among.js";
import { defaultAnalyzer } from "./default-analyzer.js";
import type { Evidence } from "./evidence.js";
import type { EvidenceLedger } from "./evidence-ledger.js";
import { withoutMarkers } from "./evidence-markers.js";
import { cite, locateQuote } from "./locate-quote.js";

/** A sentence as a writer gave it. */
export interface DraftSentence {
  readonly text: string;
  readonly citations: readonly DraftCitation[];
}

/** Options of {@link verifySentence}. */
export interface VerifySentenceOptions {
  /** Makes the terms that are compared; that of the sources' language. @default the English one */
  analyzer?: Analyzer | undefined;
}

/** A sentence with what code found of it. */
export interface VerifiedSentence {
  readonly sentence: AnswerSentence;
  /** `unknown-evidence` and `quote-not-found` for citations that were removed, `conflict` for quotes that contradict each other. */
  readonly notes: readonly Note[];
}

/**
 * Verifies one sentence by code alone; what comes out is data, never an exception.
 *
 * 1. Citations of unknown evidence, and quotes that are not in the evidence that they name, are removed, each with a note.
 * 2. Where the quotes that remain do not hold the sentence, they are widened to the whole sentences that they were taken
 *    from, if these hold more of it. Where none remains, the best sentences of the evidence that the writer named are the quotes
 *    (see {@link alignClaim}).
 * 3. The quotes hold a sentence when they hold
 *    - each number and date in it, by value ("1.5 billion" = 1,500,000,000; a year is held by a day in it); a scale that the
 *      cited passage states ("in millions") is applied;
 *    - each name in it, every word of it, in the quotes or in title and headings of the passages quoted;
 *    - 60 % of its other content words, stemmed, in the same places;
 *    - and a "not" where it has one, and none where it has none, clause by clause.
 *
 * Evidence ids in the text (`[E1]`) are no part of the claim; the text itself is handed back as it came.
 *
 * Verdicts: `supported`; `unsupported`, with the reasons; `uncited` for a sentence that came without citations, and as well for
 * one that claims nothing ("Here is what I found:"): its reason tells which; `conflicting` where everything is held but two
 * quotes contradict each other (`conflictsAmong`). Code cannot tell who did what to whom: a sentence made of the quote's own words in another order
 * passes. A judge model is for that.
 */
export function verifySentence(
  { text, citations: drafts }: DraftSentence,
  ledger: Pick<EvidenceLedger, "get">,
  { analyzer = defaultAnalyzer() }: VerifySentenceOptions = {},
): VerifiedSentence {
  const claim = withoutMarkers(text);
  const { given, named, unfound, notes } = resolve(drafts, ledger);
  const finish = (
    verdict: AnswerSentence["verdict"],
    citations: readonly Citation[],
    reasons: readonly string[],
  ): VerifiedSentence => {
    const idle = named.filter(({ id }) => !unfound.has(id) && !citations.some(({ evidence }) => evidence === id));
    const dropped = idle.map(({ id }) =>
      note(
        "quote-not-found",
        `${id} was cited without a quote, and none of its sentences was needed; the citation was removed.`,
        {
          evidence: id,
        },
      ),
    );
    return { sentence: { text, citations, verdict, reasons }, notes: [...notes, ...dropped] };
  };

  if (drafts.length === 0)
    return finish("uncited", [], [claimsNothing(claim, analyzer) ? nothingClaimed : nothingCited]);
  if (named.length === 0) return finish("unsupported", [], ["None of the evidence that it cites exists."]);

  const check = (citations: readonly Citation[]): readonly string[] => {
    if (citations.length === 0) return ["No sentence of the evidence that it cites holds what it says."];
    // word for word the quote: whatever the one holds, the other does
    if (citations.some(({ quote }) => quote.trim() === claim.trim())) return [];
    return checkClaim(claim, groundOf(citations, ledger), analyzer);
  };
  let citations = given;
  let reasons = check(given);
  if (reasons.length > 0) {
    const more =
      given.length > 0 ? inWholeSentences(given, named) : located(alignClaim(claim, named, { analyzer }), ledger);
    const wider = merge([...given, ...more]);
    const rest = check(wider);
    if (rest.length < reasons.length || given.length === 0) {
      citations = wider;
      reasons = rest;
    }
  }
  if (reasons.length > 0) return finish("unsupported", citations, reasons);
  const conflicts = conflictsAmong(citations, analyzer);
  for (const { between, message } of conflicts) {
    notes.push(note("conflict", message, { evidence: between.map(({ evidence }) => evidence) }));
  }
  if (conflicts.length > 0)
    return finish(
      "conflicting",
      citations,
      conflicts.map(({ message }) => message),
    );
  return finish("supported", citations, []);
}

const nothingCited = "It claims something and cites nothing.";
const nothingClaimed = "It claims nothing that could be looked up.";

/** Words of sentences that speak of the answer and not of the world. */
const framing =
  "here found find following follows below above answer answers question questions summary source sources evidence passage passages document documents text information based provided provide note sure hope help helps let know please sorry available details cited given shows according i'm i've";

/** True for a sentence such as "Here is what I found:". */
function claimsNothing(text: string, analyzer: Analyzer): boolean {
  const { numbers, dates, names, words } = readClaim(text, analyzer);
  const meta = new Set(analyzer.terms(framing));
  return (
    numbers.length + dates.length === 0 &&
    names.every(
      ({ opens, tokens }) => opens && tokens.every((token) => analyzer.terms(token).every((term) => meta.has(term))),
    ) &&
    [...words].every((word) => meta.has(word))
  );
}

interface Resolved {
  readonly given: readonly Citation[];
  /** Evidence that the writer named and that exists, each once. */
  readonly named: readonly Evidence[];
  /** Of these, the ones with a quote that was not found. */
  readonly unfound: ReadonlySet<string>;
  readonly notes: Note[];
}

function resolve(drafts: readonly DraftCitation[], ledger: Pick<EvidenceLedger, "get">): Resolved {
  const notes: Note[] = [];
  const given: Citation[] = [];
  const named = new Map<string, Evidence>();
  const unfound = new Set<string>();
  for (const { evidence: id, quote } of drafts) {
    const evidence = ledger.get(id);
    if (evidence === undefined) {
      const shown = shorten(id);
      notes.push(
        note("unknown-evidence", `There is no evidence "${shown}"; the citation was removed.`, { evidence: shown }),
      );
      continue;
    }
    named.set(id, evidence);
    if (quote === undefined) continue;
    const found = locateQuote({ evidence: id, quote }, ledger);
    if (found.code === "quote-found") given.push(...found.citations);
    else {
      const shown = shorten(quote);
      unfound.add(id);
      notes.push(
        note("quote-not-found", `"${shown}" does not stand in ${id}; the quote was removed.`, {
          evidence: id,
          quote: shown,
        }),
      );
    }
  }
  return { given: merge(given), named: [...named.values()], unfound, notes };
}

const located = (
  drafts: readonly (DraftCitation & { readonly quote: string })[],
  ledger: Pick<EvidenceLedger, "get">,
): Citation[] =>
  drafts.flatMap((draft) => {
    const found = locateQuote(draft, ledger);
    return found.code === "quote-found" ? found.citations : [];
  });

/** The citations, each from the start of its first sentence in the passage to the end of its last. */
function inWholeSentences(citations: readonly Citation[], evidence: readonly Evidence[]): Citation[] {
  return citations.flatMap(({ evidence: id, span }) => {
    const one = evidence.find((candidate) => candidate.id === id)!;
    const offset = one.passage.span[0];
    const touched = sentences(one.passage.text).filter(
      ([start, end]) => start < span[1] - offset && span[0] - offset < end,
    );
    const [first, last] = [touched[0], touched.at(-1)];
    return first === undefined || last === undefined ? [] : [cite(one, [first[0], last[1]])];
  });
}

/** Without those that lie within another of the same evidence. */
function merge(citations: readonly Citation[]): Citation[] {
  return citations.filter(
    (one, index) =>
      !citations.some(
        (other, at) =>
          at !== index &&
          other.evidence === one.evidence &&
          other.span[0] <= one.span[0] &&
          one.span[1] <= other.span[1] &&
          // of two equal ones the first stays
          (other.span[0] !== one.span[0] || other.span[1] !== one.span[1] || at < index),
      ),
  );
}

function groundOf(citations: readonly Citation[], ledger: Pick<EvidenceLedger, "get">) {
  const passages = [...new Set(citations.map(({ evidence }) => evidence))].flatMap(
    (id) => ledger.get(id)?.passage ?? [],
  );
  return {
    quotes: citations.map(({ quote }) => quote),
    context: passages.flatMap(({ title, headings }) => [title, ...headings]),
    passages: passages.map(({ text }) => text),
  };
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
