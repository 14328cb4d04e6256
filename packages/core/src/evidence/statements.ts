import type { Passage } from "../source/passage.js";
import type { Span } from "../source/span.js";
import type { Analyzer } from "../text/analyzer-port.js";
import { capitalisedRuns } from "../text/capitalised-runs.js";
import { datesIn } from "../text/dates-in.js";
import { numbersIn } from "../text/numbers-in.js";
import { sentences } from "../text/sentences.js";
import { titleKeys } from "../text/title-keys.js";

/** One thing said of one subject with one value, as far as code can tell: "Leiden University", "founded", 1575. */
export interface Statement {
  /** Key of the subject's name. */
  readonly subject: string;
  readonly kind: "number" | "date";
  /** What is said, in stems: equal keys are the same attribute under the same conditions. */
  readonly attribute: string;
  /** A number, or a date in ISO 8601 as exact as the text. */
  readonly value: number | string;
  /** Digits of a number that count, from 1: "1.2 billion" has two. */
  readonly digits: number;
  /** Dates that the number holds for, in order. */
  readonly when: string;
  /** The sentence, in the passage's text. */
  readonly span: Span;
}

/** Words that say that something is so, whatever it is. */
const light = new Set(
  "s be is are was were been being has have had having do does did report reported reports record recorded post posted total totalled totaled totals reach reached stand stood amount amounted make made making generate generated come came show showed showing see saw its the a an of at in on to for by with from and as approximately roughly about around some just exactly also officially currently now which that".split(
    " ",
  ),
);
/** Happenings that one thing has once. */
const once =
  /\b(?:founded|established|born|died|incorporated|created|formed|launched|completed|constructed|built|published|released|premiered|opened|dissolved|abolished|invented|discovered|inaugurated|consecrated|chartered|signed|ratified|introduced|demolished|acquired)\s*(?:,\s*)?(?:(?:on|in|at|of)\s+)?(?:the\s+year\s+)?$/iu;
const passive = /^\s*(?:,\s*)?(?:(?:is|was|were|are|been|has been|had been)\s+)?$/iu;
/** What makes a value less than stated: it is planned, doubted, a bound, one of several, or somebody else's. */
const doubtful =
  /\b(?:not|never|no longer|n't|plan(?:s|ned)?|expect(?:s|ed)?|schedul\w*|will|would|may|might|could|should|if|allegedly|reportedly|claim\w*|estimat\w*|according|propos\w*|project(?:s|ed)|forecast\w*|target\w*|guidance|originally|formerly|previously|until|again|re-?\w*(?:opened|built|founded|established|released|published|launched)|another|each|every|per|whose|who|where|when|while|his|her|their|compared|versus|up|down|more|less|fewer|over|under|above|below|least|most|nearly|almost|between|from|than|maximum|minimum|circa|ca|c|early|late|mid|before|after|since|about|around|approximately|roughly|some)\b/iu;
const ranged = /(?:[–—-]\s*|\bto\s+|\bor\s+|\band\s+)$/iu;
const rangeGoesOn =
  /^\s*(?:[–—-]\s*[\d$€£]|(?:to|or|and)\s+[$€£]?\d|-?(?:year|day|month|week|hour)s?[- ]old\b|%?\s*(?:points?)\b)/iu;
const pronounStart =
  /^\W*(?:it|he|she|they|the (?:company|university|film|movie|album|book|novel|band|group|club|team|town|city|village|bridge|building|museum|school|college|firm|song|series|show|game|station|church|river|lake|island|mountain))\b/iu;
const clauseBreak = /[,;:()[\]]|\s[–—-]\s|\b(?:and|but|while|whereas|although)\b/giu;
const periods =
  /\b(?:first|second|third|fourth|last)\s+(?:fiscal\s+)?(?:quarter|half)\b|\bQ[1-4]\b|\bH[12]\b|\b(?:fiscal|quarterly|annual(?:ly)?|monthly|daily|weekly|year-end|full[- ]year)\b/giu;

/**
 * Reads what the sentences of a passage state of a named subject in numbers and dates. Made to miss rather than to misread:
 * the subject opens the sentence (by its name, or by a pronoun as long as the passage has spoken of its title alone); a
 * date belongs to something that happens once (founded, born, released); a number to what is, has or was reported; a
 * clause that doubts, bounds, compares or passes on to others states nothing. English.
 */
export function statementsOf({ text, title, headings, metadata }: Passage, analyzer: Analyzer): Statement[] {
  const titled = titleKeys(title);
  const found: Statement[] = [];
  const context = datesIn([title, ...headings].join("\n")).map(({ value }) => value);
  const period = Object.entries(metadata)
    .filter(
      ([key, value]) =>
        /year|quarter|period|fiscal/i.test(key) && (typeof value === "string" || typeof value === "number"),
    )
    .map(([key, value]) => `${key}=${value}`);
  // whether the passage has spoken of nothing but its title
  let onTitle = titled.length > 0;
  const isName = namesOf(text, titled);
  for (const [start, end] of sentences(text)) {
    const sentence = text.slice(start, end);
    if (sentence.length > longestSentence) onTitle = false;
    if (sentence.length > longestSentence || (!onTitle && !/\d/.test(sentence))) continue;
    const runs = capitalisedRuns(sentence);
    const opening = runs.find(({ span }) => opens.test(sentence.slice(0, span[0])));
    const byPronoun = pronounStart.exec(sentence)?.[0].length ?? 0;
    let subject: { readonly key: string; readonly end: number } | undefined;
    if (byPronoun > 0 && (opening === undefined || opening.span[1] <= byPronoun)) {
      if (onTitle) subject = { key: titled[0]!, end: byPronoun };
    } else if (opening !== undefined) {
      const isTitle = titled.includes(opening.key);
      onTitle &&= isTitle;
      if (isTitle || isName(opening.key)) {
        subject = { key: isTitle ? titled[0]! : opening.key, end: opening.span[1] };
      }
    } else onTitle = false;
    if (subject === undefined) continue;
    const { key, end: behind } = subject;
    found.push(...lifeOf(key, sentence.slice(behind), [start, end]));
    for (const one of valuesOf(sentence, behind)) {
      const clause = clauseAround(sentence, one.span, behind);
      const before = sentence.slice(clause[0], one.span[0]);
      if (!isOfSubject(sentence.slice(behind, clause[0]), before)) continue;
      const after = sentence.slice(one.span[1], clause[1]);
      if (doubtful.test(before) || ranged.test(before) || rangeGoesOn.test(sentence.slice(one.span[1]))) continue;
      const names = runs
        .filter(({ span }) => span[0] >= behind && span[0] >= clause[0] && span[1] <= clause[1])
        .filter(({ span }) => span[1] <= one.span[0] || span[0] >= one.span[1])
        .map(({ key: name }) => name);
      const period0 = Array.from(sentence.matchAll(periods), ([phrase]) => phrase.toLowerCase());
      if (one.kind === "date") {
        const said = once.exec(before);
        if (said === null || names.some((name) => before.toLowerCase().includes(name))) continue;
        const words = contentOf(before, analyzer);
        // "was founded", or the clause says no more than that
        if (words.length !== 1 || !passive.test(before.slice(0, said.index))) continue;
        // a surname alone is many people's
        if (/^(?:born|die)/.test(words[0]!) && (!key.includes(" ") || styled.test(key))) continue;
        const place = /^(?:publish|releas|premier|launch|open|introduc|sign|ratif)/.test(words[0]!) ? names : [];
        found.push({
          subject: key,
          kind: "date",
          attribute: [...words, ...place].join(" "),
          value: one.value,
          digits: 4,
          when: "",
          span: [start, end],
        });
      } else {
        if (doubtful.test(after) || !stative.test(sentence.slice(behind))) continue;
        const words = [...contentOf(before, analyzer), "#", ...contentOf(after, analyzer)];
        if (words.length < 2) continue;
        const dates = datesIn(sentence).map(({ value }) => value);
        const when = [...(dates.length > 0 ? dates : context), ...period0, ...period].sort().join(" ");
        const attribute = [one.unit ?? "", ...words, ...[...names].sort()].join(" ");
        found.push({
          subject: key,
          kind: "number",
          attribute,
          value: one.value,
          digits: one.digits,
          when,
          span: [start, end],
        });
      }
    }
  }
  return found;
}

/** "Ed Wood (October 10, 1924 – December 10, 1978)": born and died, where both are whole dates; years may be those of a reign. */
function lifeOf(subject: string, behind: string, span: Span): Statement[] {
  const bracket = /^\s*\(([^()]{0,80}?)\s?[–—-]\s?([^()]{0,80}?)\)/.exec(behind);
  if (bracket === null || !subject.includes(" ") || styled.test(subject)) return [];
  const ends = [bracket[1]!, bracket[2]!].map((side) =>
    datesIn(side).filter(({ value }) => /^\d{4}-\d\d-\d\d$/.test(value)),
  );
  if (ends.some((dates) => dates.length !== 1)) return [];
  return ["born", "die"].map((attribute, index) => ({
    subject,
    kind: "date",
    attribute,
    value: ends[index]![0]!.value,
    digits: 4,
    when: "",
    span,
  }));
}

/** Whether a clause speaks of the sentence's subject, by what lies between the two. */
function isOfSubject(between: string, clause: string): boolean {
  if (/^\s*[,(]?\s*$/.test(between)) return true;
  if (!/^\s*(?:is|are|was|were|has|have|had|reported)\b/i.test(clause)) return false;
  return /^\s*[,(]/.test(between) || /\band\s*$/i.test(between);
}

/** Single words that are names: those in the title, and those that have their capital within a sentence too. */
function namesOf(text: string, titled: readonly string[]): (key: string) => boolean {
  let within: Set<string> | undefined;
  return (key) => {
    if (key.includes(" ") || titled.some((one) => ` ${one} `.includes(` ${key} `))) return true;
    within ??= new Set(
      capitalisedRuns(text)
        .filter(({ span }) => !opensText.test(text.slice(Math.max(0, span[0] - 10), span[0])))
        .map((run) => run.key),
    );
    return within.has(key);
  };
}

const opensText = /(?:^|[.!?:]\W+|\n\W*)(?:the\s+)?$/i;

/** What may stand before the name that opens a sentence: "In 2022, the". */
const opens = /^\W*(?:(?:in|on|during|for|as of|by)\s+[^,]{1,30},\s*)?(?:the\s+)?$/i;

/** "Lady Rodney", "Baron Rodney": there was more than one. */
const styled =
  /^(?:lady|lord|sir|mr|mrs|ms|dr|king|queen|prince|princess|saint|st|baron|baroness|count|countess|duke|duchess|earl|emperor|pope)\b/;

/** Longer ones are lists or tables, in UTF-16 code units. */
const longestSentence = 400;

/** "…'s revenue was", "has", "employs": not "won", "scored", "bought". */
const stative =
  /^\s*(?:\([^)]*\)\s*)?(?:,[^,]*,\s*)?(?:['’]s\s+(?:[a-z-]+\s+){1,3}(?:is|was|were|are|of|stood|totalled|totaled|reached|amounted)\b|(?:is|are|was|were|has|have|had|reports?|reported|recorded|posted|generated|totalled|totaled|employs?|employed|carries|carried|holds|held|seats|houses|housed|contains|contained|covers|covered|spans|spanned|measures|measured|weighs|weighed|costs?|comprises|comprised|consists|consisted|serves|served)\b)/iu;

type Value =
  | { readonly kind: "date"; readonly value: string; readonly span: Span }
  | {
      readonly kind: "number";
      readonly value: number;
      readonly digits: number;
      readonly unit?: string | undefined;
      readonly span: Span;
    };

function valuesOf(sentence: string, from: number): Value[] {
  const dates = datesIn(sentence);
  const names = capitalisedRuns(sentence);
  const isFree = (span: Span): boolean =>
    ![...dates, ...names].some((one) => one.span[0] < span[1] && span[0] < one.span[1]);
  return [
    ...dates.map(({ value, span }): Value => ({ kind: "date", value, span })),
    ...numbersIn(sentence)
      .filter(({ span }) => isFree(span) && !/^(?:st|nd|rd|th)\b/i.test(sentence.slice(span[1])))
      .map(
        ({ value, unit, span }): Value => ({
          kind: "number",
          value,
          unit,
          span,
          digits: digitsOf(sentence.slice(...span)),
        }),
      ),
  ].filter(({ span }) => span[0] >= from);
}

/** Significant digits as written; closing zeros of a whole number may be rounding. */
function digitsOf(written: string): number {
  const digits = written.replace(/[^\d.]/g, "");
  const plain = digits.replace(".", "").replace(/^0+/, "");
  return Math.max(1, (digits.includes(".") ? plain : plain.replace(/0+$/, "")).length);
}

/** The piece of a sentence around a value that no comma, bracket or "and" cuts; it begins behind the subject at the earliest. */
function clauseAround(sentence: string, [from, to]: Span, behind: number): Span {
  let start = behind;
  let end = sentence.length;
  for (const { 0: mark, index } of sentence.matchAll(clauseBreak)) {
    if (index >= to) {
      end = Math.min(end, index);
      break;
    }
    if (index >= behind && index + mark.length <= from) start = index + mark.length;
  }
  return [start, end];
}

function contentOf(text: string, analyzer: Analyzer): string[] {
  const names = capitalisedRuns(text);
  const dates = datesIn(text);
  return analyzer
    .analyze(text)
    .filter(({ start, end }) => ![...names, ...dates].some(({ span }) => span[0] < end && start < span[1]))
    .filter(({ start, end }) => !light.has(text.slice(start, end).toLowerCase()))
    .map(({ term }) => units.get(term) ?? term)
    .sort();
}

const units = new Map([
  ["m", "metr"],
  ["meter", "metr"],
  ["km", "kilometr"],
  ["kilomet", "kilometr"],
  ["ft", "feet"],
  ["foot", "feet"],
  ["kg", "kilogram"],
]);
