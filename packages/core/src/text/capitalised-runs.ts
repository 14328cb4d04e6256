import type { Span } from "../source/span.js";
import { stopWords } from "./stop-words.js";
import { type WordToken, wordTokens } from "./word-tokens.js";

/** A name, as far as capitals tell. */
export interface CapitalisedRun {
  /** Folded words joined by one space: equal keys are taken for one name. */
  readonly key: string;
  readonly text: string;
  /** [start, end) in UTF-16 code units. */
  readonly span: Span;
}

const joining = new Set("of the de la von van der al bin ibn and".split(" "));
const trimmed = new Set([
  ...stopWords("en"),
  ..."he she we you i his her its our your who what which when where why how after before during since while although however from did does do was were has have had can could would should may also than".split(
    " ",
  ),
]);
const minCharacters = 4;
const capital = /^[\p{Lu}\p{Lt}]/u;
const shortNumber = /^\p{Nd}{1,3}$/u;
/** What may stand between two words of a name: a space, hyphen or apostrophe, or the stop of an initial. */
const gap = /^(?:[^\S\n]|\n(?!\s*\n)|[-–'’&])+$/u;
const initialGap = /^\.[^\S\n]?$/u;

/**
 * Names in a text: runs of capitalised words (and short numbers behind them), joined over of, the, de, la, von, van, der, al, bin, ibn and
 * and; function words trimmed at both ends; 4 characters or more. A run of more than three words also gives its pairs
 * of adjacent capitalised words. English; other languages with capitals for names fare as well as their function words allow.
 *
 * @param tokens the text's own {@link wordTokens}, where they are known already
 * @returns runs in order of their start, each before its pairs
 */
export function capitalisedRuns(text: string, tokens: readonly WordToken[] = wordTokens(text)): CapitalisedRun[] {
  const runs: CapitalisedRun[] = [];
  for (let i = 0; i < tokens.length; ) {
    if (!isCapital(text, tokens[i]!)) {
      i++;
      continue;
    }
    const end = runEnd(text, tokens, i);
    let from = i;
    let to = end;
    while (from < to && trimmed.has(tokens[from]!.term)) from++;
    while (to > from && trimmed.has(tokens[to - 1]!.term)) to--;
    push(text, tokens.slice(from, to), runs);
    if (to - from > 3) {
      for (let j = from; j + 1 < to; j++) {
        const pair = tokens.slice(j, j + 2);
        if (pair.every((token) => isCapital(text, token) && !trimmed.has(token.term))) push(text, pair, runs);
      }
    }
    i = end;
  }
  return runs;
}

const isCapital = (text: string, { span }: WordToken): boolean => capital.test(text.slice(span[0], span[0] + 2));

/** Index behind the last capitalised word or number that belongs to the run at `start`. */
function runEnd(text: string, tokens: readonly WordToken[], start: number): number {
  let end = start + 1;
  for (let i = end; i < tokens.length && touches(text, tokens[i - 1]!, tokens[i]!); i++) {
    const token = tokens[i]!;
    if (isCapital(text, token) || shortNumber.test(token.term)) end = i + 1;
    // at most two joining words in a row: "of the", "van der"
    else if (!joining.has(token.term) || i - end >= 2) break;
  }
  return end;
}

function touches(text: string, before: WordToken, after: WordToken): boolean {
  const between = text.slice(before.span[1], after.span[0]);
  return between.length <= 4 && (gap.test(between) || (initialGap.test(between) && before.term.length === 1));
}

function push(text: string, tokens: readonly WordToken[], runs: CapitalisedRun[]): void {
  if (tokens.length === 0) return;
  const span = [tokens[0]!.span[0], tokens.at(-1)!.span[1]] as const;
  const key = tokens.map(({ term }) => term).join(" ");
  if (key.length >= minCharacters) runs.push({ key, text: text.slice(...span), span });
}
