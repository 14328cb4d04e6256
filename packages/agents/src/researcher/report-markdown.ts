import type { AnswerSentence, Citation, SourceId } from "@clew/core";
import type { Assembled } from "./assemble.js";
import { escapeMarkdown } from "./escape-markdown.js";
import type { Reference, ReportSection } from "./report.js";

/** What a report's Markdown is made of. */
export interface ReportMarkdownOptions extends Pick<Assembled, "sections" | "references"> {
  readonly title: string;
}

/**
 * A report as Markdown: title, a heading for each section, sentences with their reference marks, and the bibliography with its
 * quotes; a source with an address of the web stands there with it, another with its id. A sentence that is nothing but its quote stands in a list, in quotation marks. What is not supported, and what the sources
 * disagree about, says so behind the sentence. Everything that models and sources wrote is escaped.
 */
export function reportMarkdown({ title, sections, references }: ReportMarkdownOptions): string {
  const numbers = new Map(references.map(({ source, number }) => [source, number]));
  const order = new Map(sections.map(({ id }, index) => [id, index + 1]));
  const parts = [
    `# ${escapeMarkdown(title)}`,
    ...sections.flatMap((section, index) => sectionParts(section, index + 1, numbers, order)),
    ...(references.length === 0 ? [] : ["## Sources", ...references.flatMap(referenceParts)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

type Numbers = ReadonlyMap<SourceId, number>;

function sectionParts(
  section: ReportSection,
  number: number,
  numbers: Numbers,
  order: ReadonlyMap<string, number>,
): string[] {
  const { heading, status, sentences, repeats, abstention, notes } = section;
  const parts = [`## ${number}. ${escapeMarkdown(heading)}`];
  if (status === "abstained") return [...parts, `*${escapeMarkdown(abstention ?? "Nothing was found on this.")}*`];
  const blocks: { readonly quoted: boolean; readonly lines: string[] }[] = [];
  for (const sentence of sentences) {
    const quoted = isQuote(sentence);
    const last = blocks.at(-1);
    const line = sentenceLine(sentence, quoted, numbers);
    if (last?.quoted === quoted) last.lines.push(line);
    else blocks.push({ quoted, lines: [line] });
  }
  parts.push(...blocks.map(({ quoted, lines }) => lines.join(quoted ? "\n" : " ")));
  if (repeats.length > 0) {
    const what = sentences.length === 0 ? "What answers this is quoted" : "More on this is quoted";
    const cited = repeats.flatMap(({ citations }) => citations);
    parts.push(
      `*${what} in ${listed(repeats.map((one) => order.get(one.section)!))}.* ${marks(cited, numbers)}`.trimEnd(),
    );
  }
  if (notes.some(({ code }) => code === "budget-reached")) {
    parts.push("*This section is not complete: its share of the budget ended first.*");
  }
  return parts;
}

/** "section 1", "sections 1, 2 and 4". */
function listed(sections: readonly number[]): string {
  const sorted = [...sections].sort((a, b) => a - b);
  if (sorted.length === 1) return `section ${sorted[0]}`;
  return `sections ${sorted.slice(0, -1).join(", ")} and ${sorted.at(-1)}`;
}

/** Whether a sentence is one quote, word for word. */
const isQuote = ({ text, citations: [first] }: AnswerSentence): boolean =>
  first !== undefined && oneLine(first.quote) === oneLine(text);

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

const remarks: Readonly<Record<AnswerSentence["verdict"], string>> = {
  supported: "",
  unsupported: "*(not supported by the sources)*",
  uncited: "*(no source is cited for this)*",
  conflicting: "*(the sources disagree)*",
};

function sentenceLine(sentence: AnswerSentence, quoted: boolean, numbers: Numbers): string {
  const { text, citations, verdict, reasons } = sentence;
  const shown = escapeMarkdown(text);
  const claimless = verdict === "uncited" && reasons.includes("It claims nothing that could be looked up.");
  const said = quoted ? `- “${shown}”` : shown;
  return [said, marks(citations, numbers), claimless ? "" : remarks[verdict]].filter((part) => part !== "").join(" ");
}

/** The marks of what is cited, each number once, in order of use. */
const marks = (citations: readonly Citation[], numbers: Numbers): string =>
  [...new Set(citations.flatMap(({ source }) => numbers.get(source) ?? []))].map((number) => `[${number}]`).join(" ");

function referenceParts({ number, title, source, uri, citations }: Reference): string[] {
  const isNamed = title.trim() !== "" && title !== source;
  const name = escapeMarkdown(isNamed ? title : source);
  // where a source lies on somebody's disk is nobody else's business: its id tells it apart
  const where = isAddress(uri) ? ` <${uri}>` : isNamed ? ` (${escapeMarkdown(source)})` : "";
  const quotes = citations.map(({ quote, page, line }) => {
    const place = page === undefined ? `line ${line}` : `page ${page}`;
    return `- ${place}: “${escapeMarkdown(quote)}”`;
  });
  return [`[${number}] ${name}${where}`, quotes.join("\n")];
}

/** Whether it leads somebody else there too. */
const isAddress = (uri: string | undefined): uri is string =>
  uri !== undefined && /^https?:\/\/[^\s<>\\\p{Cc}]+$/u.test(uri);
