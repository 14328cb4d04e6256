import type { Span } from "../source/span.js";
import type { Analyzer } from "../text/analyzer-port.js";
import { capitalisedRuns } from "../text/capitalised-runs.js";
import { type DateMention, datesIn } from "../text/dates-in.js";
import { fold } from "../text/fold.js";
import { type NumberMention, numbersIn } from "../text/numbers-in.js";
import { wordTokens } from "../text/word-tokens.js";

/** What a text says, as far as code can tell. */
export interface Claim {
  /** Numbers that are no part of a date; small ones written as words too. */
  readonly numbers: readonly NumberMention[];
  readonly dates: readonly DateMention[];
  readonly names: readonly Name[];
  /** Stemmed content words that are in no name, number or date. */
  readonly words: ReadonlySet<string>;
}

/** A name in a text. */
export interface Name {
  readonly text: string;
  /** Its folded words, without those that join it (of, the, von). */
  readonly tokens: readonly string[];
  /** True where the first word has its capital from standing first, perhaps. */
  readonly opens: boolean;
}

const functionWords = new Set(
  (
    "a about after all also although am among an and any are as at be because been before being between both but by can could did do does " +
    "during each either for from had has have he her here hers him his how however i if in into is it its itself me more most much must my of on one " +
    "only or other our out over own same she should since so some such than that the their them then there these they this those though through thus to " +
    "too under until up upon us very was we were what when where whereas whether which while who whom whose why will with within would yet you your " +
    "s according therefore moreover furthermore respectively"
  ).split(" "),
);
const negations = new Set("not no never cannot neither nor none nobody nothing without".split(" "));
const joining = new Set("of the de la von van der al bin ibn and".split(" "));
const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );
/** "one" is a pronoun as often as a number. */
const smallNumbers = new Map(small.map((word, value) => [word, value] as const).filter(([word]) => word !== "one"));
/** "The two men" counts nothing. */
const pointing = new Set("the these those both all of".split(" "));
const acronym = /(?<![\p{L}\p{N}])(?:\p{Lu}\.){2,}|(?<![\p{L}\p{N}])\p{Lu}[\p{Lu}\p{N}]+(?![\p{L}\p{N}])/gu;
const opening = /^[^\p{L}\p{N}]*/u;

/** Reads numbers, dates, names and content words out of a sentence. English where it knows words; linear time. */
export function readClaim(text: string, analyzer: Analyzer): Claim {
  const dates = datesIn(text);
  const isInDate = touching(text, dates);
  const tokens = wordTokens(text);
  const written = tokens.flatMap(({ term, span }, index) => {
    const value = smallNumbers.get(term);
    return value === undefined || pointing.has(tokens[index - 1]?.term ?? "") ? [] : [{ value, span }];
  });
  const numbers = [...numbersIn(text).filter(({ span }) => !isInDate(span)), ...written];
  const first = opening.exec(text)![0].length;
  const acronyms = Array.from(text.matchAll(acronym), ({ 0: found, index }) => ({
    text: found,
    tokens: [fold(found.replaceAll(".", ""))],
    opens: false,
    span: [index, index + found.length] as const,
  }));
  const isDotted = touching(
    text,
    acronyms.filter(({ text: found }) => found.includes(".")),
  );
  const runs = capitalisedRuns(text)
    .filter(({ span }) => !isInDate(span))
    .map(({ text: name, key, span }) => {
      const spelled = isDotted(span);
      const own = key.split(" ").filter((token) => !joining.has(token) && !(spelled && token.length === 1));
      return { text: name, tokens: own, opens: span[0] <= first, span };
    });
  const names = [...runs, ...acronyms].filter((name) => name.tokens.length > 0);
  const isTaken = touching(text, [
    ...names.filter(({ opens, tokens: own }) => !(opens && own.length === 1)),
    ...numbers,
    ...dates,
  ]);
  const words = new Set(
    analyzer
      .analyze(text)
      .filter(({ term, start, end }) => {
        const word = fold(text.slice(start, end));
        return !functionWords.has(word) && !negations.has(word) && /\p{L}/u.test(term) && !isTaken([start, end]);
      })
      .map(({ term }) => term),
  );
  return { numbers, dates, names, words };
}

/** Whether a span has a character in common with one of the mentions; in time linear in the span. */
function touching(text: string, mentions: readonly { readonly span: Span }[]): (span: Span) => boolean {
  const covered = new Uint8Array(text.length);
  for (const { span } of mentions) covered.fill(1, ...span);
  return ([start, end]) => covered.subarray(start, end).includes(1);
}

/** A part of a text that is affirmed or denied as one. */
export interface Clause {
  readonly words: ReadonlySet<string>;
  readonly isNegated: boolean;
}

const clauseEnd = /[;:]|\n\s*\n|[.!?](?=\s)|\s[–—-]\s|,?\s(?=(?:but|whereas|although|though|while|however|yet)\s)/giu;
const denial =
  /(?<![\p{L}\p{N}])(?:not(?!\sonly(?![\p{L}\p{N}]))|no(?!\.?\s?\d)|never|cannot|neither|nor|none|nobody|nothing|without)(?![\p{L}\p{N}])|n['’]t(?![\p{L}\p{N}])/iu;

/** Cuts a text into clauses and tells which deny something; those of the same words are there once. English. */
export function clausesOf(text: string, analyzer: Analyzer): Clause[] {
  const found = new Map<string, Clause>();
  for (const clause of text.split(clauseEnd)) {
    const words = new Set(analyzer.terms(clause).filter((term) => !functionWords.has(term) && !negations.has(term)));
    if (words.size === 0) continue;
    const isNegated = denial.test(clause);
    const key = `${isNegated} ${[...words].join(" ")}`;
    if (!found.has(key)) found.set(key, { words, isNegated });
  }
  return [...found.values()];
}
