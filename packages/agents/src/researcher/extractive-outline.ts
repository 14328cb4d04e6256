import type { Hit } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import { readQuestion } from "../extractive/read-question.js";
import type { Outline, OutlineSection } from "./report.js";

/** What an outline is made of without a model. */
export interface ExtractiveOutlineOptions {
  readonly question: string;
  /** What a first search for the question found, best hit first. */
  readonly hits: readonly Hit[];
  /** Most sections (1 or more). */
  readonly max: number;
  readonly analyzer: Analyzer;
}

const longestHeading = 120;
/** "Item 7.", "NOTE 12.", "PART I", "3.1": where a heading stands, and not what it is about. */
const numbering = /^(?:(?:part|item|note|section|chapter|article)\s+[\dIVXA-D]+[.:)]?\s*|\d+(?:\.\d+)*[.:)]\s+)+/i;

/**
 * An outline by code alone: the question itself; the names in it, where there are several; then what a first search found, in
 * the order of its best hits: the titles of the sources, or, where all are of one source, the headings that they stand under. What is
 * asked about a name, title or heading are the question's words that are no names.
 */
export function extractiveOutline({ question, hits, max, analyzer }: ExtractiveOutlineOptions): Outline {
  const asked = askedIn(question);
  const { runs, words, names } = readQuestion(asked, analyzer);
  const common = [...words].filter(([term]) => !names.has(term)).map(([, word]) => word);
  const said = [...runs.values()];
  // "A and B" is read as a name where each of both is one
  const single = said.filter((name) => !said.some((other) => other !== name && name.includes(other)));
  const titles = distinct(hits.map(({ passage: { title, source } }) => title.trim() || source));
  const headings = headingsOf(hits);
  const about = [...(single.length > 1 ? single : []), ...(titles.length > 1 ? titles : headings)];
  const sections: OutlineSection[] = [{ id: "s1", heading: "In short", question: asked }];
  const seen = new Set(["in short"]);
  for (const facet of about) {
    const heading = shorten(facet);
    if (sections.length === max) break;
    const subject = heading.replace(numbering, "");
    if (subject === "" || seen.has(heading.toLowerCase())) continue;
    seen.add(heading.toLowerCase());
    sections.push({ id: `s${sections.length + 1}`, heading, question: [subject, ...common].join(" ") });
  }
  return { title: shorten(question), sections };
}

/** What is asked, without orders on how to answer it ("give a response that …", "answer by the following: …"): they are no subject. */
function askedIn(question: string): string {
  const sentences = question.match(/[^.!?]*(?:[.!](?=\S)[^.!?]*)*\?/g) ?? [question];
  return sentences.map((sentence) => sentence.replace(leadIn, "").trim()).join(" ");
}

/** Up to a colon behind which a question begins. */
const leadIn =
  /^.*:\s+(?=(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|can)\b)/is;

/** The nearest headings that hits stand under, below those that all of them share, in order of their best hits. */
function headingsOf(hits: readonly Hit[]): string[] {
  const paths = hits.map(({ passage }) => passage.headings.filter((heading) => heading.trim() !== ""));
  let common = 0;
  while (paths.length > 1 && paths.every((path) => path[common] !== undefined && path[common] === paths[0]![common])) {
    common += 1;
  }
  return distinct(paths.flatMap((path) => (path.length > common ? path.at(-1)! : [])));
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longestHeading ? `${line.slice(0, longestHeading - 1).trimEnd()}…` : line;
};
