import { type AnswerSentence, type Citation, safeAnswerText } from "@clew/core";
import { doubtOf } from "../tools/doubt-of.js";
import type { ClewUIMessageChunk, UICitation, UISentence } from "./ui-message-chunk.js";

/** Sentences as a message shows them: their text with marks, and what they rest on. */
export interface AnswerParts {
  readonly text: string;
  readonly sentences: readonly UISentence[];
  readonly citations: readonly UICitation[];
}

/** Options of {@link answerParts}. */
export interface AnswerPartsOptions {
  /** Whether the text names citations by number and says what is not supported. */
  marks: boolean;
  /** What stands between two sentences. */
  between: string;
}

/** Numbers sentences and citations in order of first use: of more sentences, the same numbers for the first ones. */
export function answerParts(sentences: readonly AnswerSentence[], { marks, between }: AnswerPartsOptions): AnswerParts {
  const cited = new Map<
    string,
    { readonly citation: Citation; readonly number: number; readonly sentences: number[] }
  >();
  const shown = sentences.map(({ text, verdict, reasons, citations }, at): UISentence => {
    const numbers = citations.map((citation) => {
      const key = JSON.stringify([citation.evidence, citation.span]);
      const known = cited.get(key) ?? { citation, number: cited.size + 1, sentences: [] };
      cited.set(key, known);
      if (known.sentences.at(-1) !== at + 1) known.sentences.push(at + 1);
      return known.number;
    });
    return { number: at + 1, text, verdict, reasons, citations: [...new Set(numbers)] };
  });
  const written = shown.map((sentence) => {
    const { text, citations } = sentence;
    if (!marks) return text;
    const numbers = citations.map((number) => `[${number}]`).join("");
    return [text, numbers, doubtOf(sentence)].filter((part) => part !== "").join(" ");
  });
  const uris = [...cited.values()].flatMap(({ citation }) => citation.uri ?? []);
  return {
    // each sentence is safe by itself; a link could still begin in one and end in the next
    text: safeAnswerText(written.join(between), uris).text,
    sentences: shown,
    citations: [...cited.values()].map(({ citation, number, sentences: held }) => uiCitation(citation, number, held)),
  };
}

function uiCitation(
  { quote, source, title, uri, span, page, line }: Citation,
  number: number,
  sentences: readonly number[],
): UICitation {
  return {
    number,
    sentences,
    quote,
    source,
    title,
    ...(uri !== undefined && isWeb(uri) ? { url: uri } : {}),
    span,
    ...(page === undefined ? {} : { page }),
    line,
  };
}

const isWeb = (uri: string): boolean => /^https?:\/\//i.test(uri);

/** The source of a citation as the AI SDK names sources. */
export function sourceChunk({ source, title, url }: UICitation): ClewUIMessageChunk {
  if (url !== undefined) return { type: "source-url", sourceId: source, url, ...(title === "" ? {} : { title }) };
  // its canonical text is what the quote was found in, whatever the file is
  return { type: "source-document", sourceId: source, mediaType: "text/plain", title: title === "" ? source : title };
}
