import { type Analyzer, capitalisedRuns, datesIn } from "@clew/core/text";
import { readQuestion } from "./read-question.js";

/** A name in a question or an answer. */
export interface SaidName {
  readonly key: string;
  readonly text: string;
  readonly span: readonly [start: number, end: number];
}

/** Words between two parts of one name that {@link capitalisedRuns} does not join. */
const particle = /^ (?:da|di|du|del|dos|el|y|ten|ter|zu|zur) $/;
/** "CEO of Microsoft", "Compare Python and Ruby": what stands before the name. */
const leading =
  /^(?:(?:\p{Lu}{2,4}|President|Chairman|Chair|Prime Minister|Minister|Director|Head|Mayor|Governor|Capital) of (?:the )?|(?:Compare|List|Tell|Name|Give|Show|Find|Explain|Describe|Summari[sz]e) )/u;
const short = /(?<![\p{L}\p{N}])(?:\p{Lu}[\p{Lu}\p{N}&]{1,2}|\p{Lu}\p{Ll}{1,2})(?![\p{L}\p{N}])/gu;
const notNames = new Set(
  "yes no the and but who how why was did has had can may any all its his her him she you our one two who it is in on at of to a an so by as or he we if i am do".split(
    " ",
  ),
);

/**
 * Names in a text, in order, none inside another: runs of capitalised words that say something, "Leonardo da Vinci" as one,
 * acronyms, and capitalised words of two or three letters. Dates are no names.
 */
export function saidNames(text: string, analyzer: Analyzer): SaidName[] {
  const { runs } = readQuestion(text, analyzer);
  const dates = datesIn(text);
  const touches = (
    spans: readonly { readonly span: readonly [number, number] }[],
    start: number,
    end: number,
  ): boolean => spans.some(({ span }) => span[0] < end && start < span[1]);
  const found: SaidName[] = [];
  for (const { key: whole, span: at } of capitalisedRuns(text)) {
    const role = text.slice(...at).match(leading)?.[0].length ?? 0;
    const span = [at[0] + role, at[1]] as const;
    const name = text.slice(...span);
    const key = role === 0 ? whole : name.toLowerCase();
    if (!runs.has(whole) || name === "" || touches(dates, ...span) || touches(found, ...span)) continue;
    const last = found.at(-1);
    if (last !== undefined && particle.test(text.slice(last.span[1], span[0]))) {
      const joined = text.slice(last.span[0], span[1]);
      found[found.length - 1] = { key: joined.toLowerCase(), text: joined, span: [last.span[0], span[1]] };
    } else found.push({ key, text: name, span: [span[0], span[1]] });
  }
  for (const { 0: name, index } of text.matchAll(short)) {
    const end = index + name.length;
    const isWord =
      / of\b/y.test(text.slice(end, end + 4)) ||
      notNames.has(name.toLowerCase()) ||
      (opens(text, index) && !/^\p{Lu}{2}/u.test(name));
    if (!isWord && !touches([...dates, ...found], index, end)) {
      found.push({ key: name.toLowerCase(), text: name, span: [index, end] });
    }
  }
  return found.sort((a, b) => a.span[0] - b.span[0]);
}

/** Whether a sentence begins here, where a capital means nothing. */
const opens = (text: string, index: number): boolean => /(?:^|[.!?]\s)\W*$/.test(text.slice(0, index));
