import { nonNegative, positiveInteger } from "../errors/check-number.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Passage } from "../source/passage.js";
import type { SourceText } from "../source/source-text.js";
import type { Span } from "../source/span.js";
import { assemblePassages } from "./assemble-passages.js";
import { contentCuts, type Unit } from "./content-cuts.js";
import { estimateTokens } from "./estimate-tokens.js";
import { type CountTokens, type Leaf, type Paragraph, paragraphsOf, sectionsOf } from "./split-units.js";
import { mixBits, textHash } from "./text-hash.js";

/** Options of {@link splitter}. */
export interface SplitterOptions {
  /** Most tokens of a passage, overlap included; not more than the embedder sees. @default 200 */
  tokens?: number | undefined;
  /** Most tokens of whole sentences repeated from before; fewer than `tokens`, 0 for none. @default 30 */
  overlap?: number | undefined;
  /**
   * Counts the tokens of a text as the embedder does, without its special tokens, and never more than the sum of the counts
   * of its pieces. @default {@link estimateTokens}
   */
  countTokens?: CountTokens | undefined;
  /** Name of `countTokens` in the fingerprint; needed with it. @default "estimate" */
  tokenizer?: string | undefined;
}

/** {@link splitter} is synchronous. */
export interface SyncSplitter {
  readonly fingerprint: string;
  split(text: SourceText): Passage[];
}

/** Raise when the passages of any text change. */
const version = 1;
/** Window of the content-defined cuts, as a share of `tokens`: larger makes passages longer, and edits dearer. */
const windowShare = 0.18;
/** Paragraphs of up to so many times `tokens` are cut into as few pieces as possible. */
const wholeParagraphs = 3;

/**
 * The default splitter: by headings, then paragraphs, then sentences.
 *
 * Passages never cross a heading; the headings stand in the first passage below them. Where there are no headings, cuts
 * are chosen by content (see {@link contentCuts}), so that the edit of one paragraph changes at most three passages.
 * Tables and code blocks stay whole where they fit, and are cut between lines where they do not. Passages come in order,
 * cover everything but white space, and repeat up to `overlap` tokens of sentences before them. Linear time.
 *
 * @throws ClewError `invalid-option` when `tokens` is not a whole number of 1 or more, `overlap` not in [0, tokens), or
 *   `countTokens` comes without `tokenizer`
 */
export function splitter({
  tokens = 200,
  overlap = 30,
  countTokens = estimateTokens,
  tokenizer,
}: SplitterOptions = {}): SyncSplitter {
  positiveInteger("tokens", tokens);
  if (nonNegative("overlap", overlap) >= tokens)
    throw invalidOption("overlap", `less than tokens (${tokens})`, overlap);
  if ((countTokens === estimateTokens) !== (tokenizer === undefined)) {
    throw invalidOption("tokenizer", "the name of countTokens, given with it", tokenizer);
  }
  return {
    fingerprint: `clew-splitter-${version}:${tokens}:${overlap}:${tokenizer ?? "estimate"}`,
    split(sourceText) {
      const spans = sectionsOf(sourceText).flatMap((section) =>
        splitSection(sourceText.text, paragraphsOf(sourceText, section, countTokens, tokens), tokens, overlap),
      );
      return assemblePassages(sourceText, spans);
    },
  };
}

function splitSection(text: string, paragraphs: readonly Paragraph[], tokens: number, overlap: number): Span[] {
  const windowTokens = Math.max(overlap, Math.round(tokens * windowShare));
  const groups = pieces(paragraphs, contentCuts(unitsOf(text, paragraphs), { maxTokens: tokens, windowTokens }));
  const cores = groups.flatMap((group) => {
    const leaves = group.flat();
    const size = sum(leaves);
    if (size <= tokens) return [leaves];
    // one long paragraph: the fewest pieces, or what resynchronises if it is very long
    const window = size <= tokens * wholeParagraphs ? size : windowTokens;
    const units = unitsOf(
      text,
      leaves.map((leaf) => [leaf]),
    );
    return pieces(leaves, contentCuts(units, { maxTokens: tokens, windowTokens: window }));
  });
  const leaves = cores.flat();
  let first = 0;
  return cores.map((core) => {
    const start = withOverlap(leaves, first, Math.min(overlap, tokens - sum(core)));
    first += core.length;
    return [leaves[start]!.start, core.at(-1)!.end];
  });
}

const sum = (leaves: readonly Leaf[]): number => leaves.reduce((total, leaf) => total + leaf.tokens, 0);

/** Sizes and hashes; a run of equal texts has different hashes, so that it is cut like any other text. */
function unitsOf(text: string, groups: readonly (readonly Leaf[])[]): Unit[] {
  let previous = -1;
  let repeats = 0;
  return groups.map((leaves) => {
    const hash = textHash(text, leaves[0]!.start, leaves.at(-1)!.end);
    repeats = hash === previous ? repeats + 1 : 0;
    previous = hash;
    return { tokens: sum(leaves), hash: repeats === 0 ? hash : mixBits(hash + repeats) };
  });
}

const pieces = <T>(items: readonly T[], cuts: readonly number[]): T[][] =>
  cuts.map((from, index) => items.slice(from, cuts[index + 1] ?? items.length));

/** Index of the first leaf before `index` that still fits `room` tokens. */
function withOverlap(leaves: readonly Leaf[], index: number, room: number): number {
  let start = index;
  let used = 0;
  while (start > 0 && used + leaves[start - 1]!.tokens <= room) {
    start--;
    used += leaves[start]!.tokens;
  }
  return start;
}
