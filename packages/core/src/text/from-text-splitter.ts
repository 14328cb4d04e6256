import { invalidOption } from "../errors/invalid-option.js";
import type { SourceText } from "../source/source-text.js";
import type { Span } from "../source/span.js";
import type { Splitter } from "../source/splitter.js";
import { assemblePassages } from "./assemble-passages.js";

/** What a LangChain text splitter is to clew. */
export interface TextSplitterLike {
  splitText(text: string): Promise<string[]>;
}

/** Options of {@link fromTextSplitter}. */
export interface FromTextSplitterOptions {
  /** Names the splitter and every setting that decides where it cuts, such as `recursive:1000:100`. */
  fingerprint: string;
}

/**
 * Makes a {@link Splitter} of any LangChain text splitter, with exact spans. Chunks are located one behind the other,
 * whatever the splitter did to white space; a passage's text is the source's own, not the chunk's.
 *
 * @throws ClewError `invalid-option`, from `split`, when a chunk is not a piece of the text behind the start of the chunk before
 */
export function fromTextSplitter(splitter: TextSplitterLike, { fingerprint }: FromTextSplitterOptions): Splitter {
  if (fingerprint === "") throw invalidOption("fingerprint", "a name for the splitter and its settings", fingerprint);
  return {
    fingerprint: `text-splitter:${fingerprint}`,
    async split(sourceText: SourceText) {
      const chunks = await splitter.splitText(sourceText.text);
      return assemblePassages(sourceText, locate(sourceText.text, chunks));
    },
  };
}

function locate(text: string, chunks: readonly string[]): Span[] {
  const offsets = printedOffsets(text);
  const printed = withoutSpace(text);
  const spans: Span[] = [];
  let previousStart = -1;
  let previousEnd = 0;
  for (const chunk of chunks) {
    const wanted = withoutSpace(chunk);
    if (wanted === "") continue;
    // overlapping the chunk before as little as possible, else further on: the splitter left something out
    const near = printed.slice(previousStart + 1, previousEnd + wanted.length).lastIndexOf(wanted);
    const start = near === -1 ? printed.indexOf(wanted, previousEnd) : previousStart + 1 + near;
    if (start === -1) throw invalidOption("splitter", "one whose chunks are pieces of the text, in its order", chunk);
    previousStart = start;
    previousEnd = Math.max(previousEnd, start + wanted.length);
    spans.push([offsets[start]!, offsets[start + wanted.length - 1]! + 1]);
  }
  return spans;
}

const withoutSpace = (text: string): string => text.replace(/\s+/g, "");

/** Offset of each code unit that is not white space. */
function printedOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length);
  let count = 0;
  for (let i = 0; i < text.length; i++) if (!/\s/.test(text[i]!)) offsets[count++] = i;
  return offsets.subarray(0, count);
}
