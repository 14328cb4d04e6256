import type { AnswerSentence } from "../agent/answer.js";
import { checkKeys } from "../errors/check-keys.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Citation } from "../evidence/citation.js";
import type { Evidence } from "../evidence/evidence.js";
import { firstOccurrence } from "../evidence/occurrences.js";
import { type KnownSource, quotedSources } from "./known-sources.js";
import type { PageSelector, ProofJson, ProofQuote, ProofSection } from "./proof-json.js";
import type { Provable, ProvableSection } from "./provable.js";
import { positionSelector, quoteSelector } from "./selectors.js";
import { sourceLink } from "./source-link.js";

/** Options of {@link makeProof}. */
export interface ProofOptions {
  /**
   * What is known of the quoted sources, so that whoever checks can tell versions apart: their canonical texts (as
   * `snapshot.sourceText` gives them), or their records (as `index.sources` lists them). Those that are not quoted are passed
   * over. @default nothing: quotes can be checked, versions cannot
   */
  sources?: readonly KnownSource[] | undefined;
  /** Puts the canonical texts into the proof, which then checks itself when it is opened. @default false */
  embed?: boolean | undefined;
  /** @default the question, or the report's title */
  title?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Makes the proof of an answer or a report: its sentences, each quote with selectors of the W3C's Web Annotations, and what is
 * known of the sources. Metadata, access lists and addresses other than http and https stay out.
 *
 * @throws ClewError `invalid-option`, also where a text that is to be embedded was not given
 */
export async function makeProof(provable: Provable, options: ProofOptions = {}): Promise<ProofJson> {
  checkKeys("bundle", options, ["sources", "embed", "title", "signal"]);
  const { sources: told = [], embed = false, signal } = options;
  if (!Array.isArray(told)) throw invalidOption("sources", "a list of source texts or sources", told);
  if (typeof embed !== "boolean") throw invalidOption("embed", "true or false", embed);
  if (options.title !== undefined && typeof options.title !== "string") throw invalidOption("title", "a text");
  const sections = "sections" in provable ? provable.sections : [provable];
  const fields = "fields" in provable ? Object.entries(provable.fields ?? {}) : [];
  const citations = [
    ...("citations" in provable ? provable.citations : []),
    ...sections.flatMap((section) => [
      ...section.sentences.flatMap((sentence) => sentence.citations),
      ...("repeats" in section ? (section.repeats ?? []).flatMap((repeat) => repeat.citations) : []),
    ]),
    ...fields.flatMap(([, field]) => field.citations),
  ];
  const distinct = [...new Map(citations.map((one) => [keyOf(one), one])).values()];
  const numbers = new Map(distinct.map((one, index) => [keyOf(one), index + 1]));
  const numbersOf = (cited: readonly Citation[]): number[] => [
    ...new Set(cited.map((one) => numbers.get(keyOf(one))!)),
  ];

  const known = await quotedSources(distinct, told, { embed, signal });
  const lacking = known.sources.find(({ text }) => embed && text === undefined);
  if (lacking !== undefined) {
    throw invalidOption("embed", `used where sources holds the text of each quoted source; "${lacking.id}" has none`);
  }
  const cited = new Set<string>(distinct.map(({ evidence }) => evidence));
  const evidence = provable.evidence.filter(({ id }) => cited.has(id));
  const positions = new Map([...new Set(distinct.map(({ source }) => source))].map((id, index) => [id, index]));
  const quotes = distinct.map((citation, index) => {
    const at = positions.get(citation.source)!;
    const text = known.texts.get(citation.source);
    return quoteOf(citation, { number: index + 1, at, source: known.sources[at]!, evidence, text });
  });
  const { id, question, status, notes, usage, trace } = provable;
  const sentencesOf = (sentences: readonly AnswerSentence[]): ProofSection["sentences"] =>
    sentences.map(({ text, verdict, reasons, citations: own }) => ({ text, verdict, reasons, quotes: numbersOf(own) }));
  const last = trace.lines.at(-1);
  return {
    format: "clew-proof@1",
    id,
    title: options.title ?? ("title" in provable ? provable.title : question),
    question,
    status,
    ...("confidence" in provable && provable.confidence !== undefined ? { confidence: provable.confidence } : {}),
    sections:
      "sections" in provable
        ? provable.sections.map((section) => ({
            heading: section.heading,
            question: section.question,
            status: section.status,
            sentences: sentencesOf(section.sentences),
            ...repeatsOf(section, provable.sections, numbersOf),
            ...(section.abstention === undefined ? {} : { abstention: section.abstention }),
          }))
        : [{ status, sentences: sentencesOf(provable.sentences) }],
    ...(fields.length === 0
      ? {}
      : {
          fields: fields.map(([path, { value, verdict, citations: own }]) => ({
            path,
            value,
            verdict,
            quotes: numbersOf(own),
          })),
        }),
    quotes,
    sources: known.sources,
    evidence: evidence.map(({ id: name, passage, score, hop, queries }) => {
      return { id: name, passage: passage.id, source: passage.source, span: passage.span, score, hop, queries };
    }),
    hops: "hops" in provable ? provable.hops : [],
    notes: [...notes, ...known.notes],
    usage,
    trace: last === undefined ? null : { root: last.hash, lines: last.seq + 1, closedAt: last.at },
  };
}

/** What a section leaves to earlier ones; a section that is not there cannot be led to. */
function repeatsOf(
  { repeats = [] }: ProvableSection,
  sections: readonly ProvableSection[],
  numbersOf: (cited: readonly Citation[]) => number[],
): Pick<ProofSection, "repeats"> {
  const led = repeats.flatMap(({ section, citations }) => {
    const at = sections.findIndex(({ id }) => id === section);
    return at < 0 ? [] : [{ section: at, quotes: numbersOf(citations) }];
  });
  return led.length === 0 ? {} : { repeats: led };
}

const keyOf = ({ source, span }: Citation): string => `${span[0]} ${span[1]} ${source}`;

interface QuoteContext {
  readonly number: number;
  readonly at: number;
  readonly source: ProofJson["sources"][number];
  readonly evidence: readonly Evidence[];
  readonly text: string | undefined;
}

function quoteOf(citation: Citation, { number, at, source, evidence, text }: QuoteContext): ProofQuote {
  const { quote, span, page, line } = citation;
  const passage = evidence.find(({ id }) => id === citation.evidence)?.passage;
  const selector = quoteSelector(citation, passage, text);
  const position = text === undefined ? [] : [positionSelector(text, span)];
  const isPdf = source.mediaType === "application/pdf";
  const pages: PageSelector[] =
    page !== undefined && isPdf
      ? [{ type: "FragmentSelector", conformsTo: "http://tools.ietf.org/rfc/rfc3778", value: `page=${page}` }]
      : [];
  const { prefix, suffix } = selector;
  const link =
    source.uri === undefined
      ? undefined
      : sourceLink({
          uri: source.uri,
          mediaType: source.mediaType,
          page,
          quote,
          prefix,
          suffix,
          ambiguous: quote.length < shortest || isRepeated(quote, text ?? passage?.text ?? ""),
        });
  return {
    number,
    source: at,
    evidence: citation.evidence,
    span,
    ...(page === undefined ? {} : { page }),
    line,
    target: { source: source.uri ?? source.id, selector: [selector, ...position, ...pages] },
    ...(link === undefined ? {} : { link }),
  };
}

/** A quote shorter than that, in UTF-16 code units, may well stand twice in a page. */
const shortest = 24;

function isRepeated(quote: string, text: string): boolean {
  const first = firstOccurrence(text, quote);
  return first !== undefined && firstOccurrence(text, quote, { from: first + 1 }) !== undefined;
}
