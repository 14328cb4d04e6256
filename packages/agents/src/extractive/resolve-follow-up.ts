import type { Turn } from "@clew/core";
import { type Analyzer, datesIn } from "@clew/core/text";
import { antecedents, isPart, type ResolvedTurn } from "./antecedents.js";
import { findReference, type Reference } from "./find-reference.js";
import { saidNames } from "./question-names.js";
import { readQuestion } from "./read-question.js";

/** A question that stands on its own, and what was carried into it. */
export interface FollowUp {
  readonly question: string;
  /** In a few words; absent when the question stands as it was asked. */
  readonly carried?: string | undefined;
  /** A word that stands for something that nobody said. */
  readonly unresolved?: string | undefined;
}

/** Turns that are looked back at. */
const lookBack = 6;
/** What is longer, in UTF-16 code units, is no follow-up: it stands on its own. */
const longestQuestion = 500;
/** So much of an answer is read. */
const readOfAnswer = 2000;
const lead = /^\W*(?:(?:and|but|so|also|then|ok|okay|well|now)\b[\s,]*)+/i;
const about = /^\W*(?:(?:and|but|so)\s+)?(?:what|how)\s+about\s+/i;
const asking =
  /^\W*(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might|must|am|tell|give|list|name|show|find|explain|describe|compare|summari[sz]e|please)\b/i;
const bareWord =
  /^\W*(why|when|where|who|how(?:\s+(?:many|much|long|old|often|far|tall|big|high|deep))?)(?:\s+(?:not|so|exactly|else))?\W*$/i;
const preposition = /^(in|of|for|at|on|since|before|after|during|by|from|with|to|as of)\s+/i;
const article = /^(?:the|a|an|this|that|its|his|her|their)\s+/i;
const choosing =
  /\b(?:which|what|who)(?:\s+one)?(?:\s+of\s+(?:them|these|those|the two))?\s+(?:is|was|are|were|has|had|came|came|lived)\s+(?:the\s+)?(?:\w+(?:er|est)|more|most|less|least|first|last)\b|\b(?:the other one|the former|the latter|which one|both of them|each of them|either of them)\b/i;
const longestFragment = 7;

/**
 * Resolves a question against the conversation, by rules: fragments ("What about Utrecht?", "And in 2021?", "Why?") take
 * the place of what they replace in the question before; words that stand for something ("she", "its", "there", "the
 * university") give way to the names that they stand for. What stands on its own is left as it is. English.
 */
export function resolveFollowUp(question: string, conversation: readonly Turn[], analyzer: Analyzer): FollowUp {
  if (question.length > longestQuestion) return { question };
  const turns: ResolvedTurn[] = [];
  for (const { question: asked, answer } of conversation.slice(-lookBack)) {
    if (asked.length > longestQuestion || isSmallTalk(asked)) continue;
    turns.push({ asked: resolve(asked, turns, analyzer).question, answer: answer.slice(0, readOfAnswer) });
  }
  return resolve(question, turns, analyzer);
}

const smallTalk =
  /^\W*(?:hi|hello|hey|hiya|good \w+|greetings|thanks?|thank you|many thanks|cheers|thx|bye|goodbye|ok|okay|great|nice|cool|yes|no)\b(?:\W+\w+){0,4}\W*$/i;
const isSmallTalk = (text: string): boolean => smallTalk.test(text) || text.trim() === "";

function resolve(question: string, turns: readonly ResolvedTurn[], analyzer: Analyzer): FollowUp {
  const last = turns.at(-1);
  const own = saidNames(question, analyzer);
  const reference = findReference(question, own);
  const found = reference === undefined ? [] : antecedents(reference, turns, analyzer);
  if (last !== undefined) {
    const fragment = fragmentOf(question);
    if (fragment !== undefined) return ofFragment(fragment, last, { reference, found, question, analyzer });
  }
  if (reference !== undefined) {
    if (found.length === 0 || (last !== undefined && reference.kind === "pointing"))
      return last === undefined ? { question, unresolved: reference.word } : withTopic(question, last, analyzer);
    return { question: put(question, reference, found), carried: `"${reference.word}" is ${found.join(", ")}` };
  }
  if (last === undefined || own.length > 0) return { question };
  const names = turns.flatMap(({ asked }) => saidNames(asked, analyzer));
  if (choosing.test(question))
    return names.length === 0 ? withTopic(question, last, analyzer) : carry(question, lastNames(turns, analyzer));
  return ofNoun(question, turns, analyzer);
}

/** Names of the latest turn that has some: where one is chosen of several, of the side that names several. */
function lastNames(turns: readonly ResolvedTurn[], analyzer: Analyzer): string[] {
  for (const { asked, answer } of [...turns].reverse()) {
    const sides = [asked, answer].map((text) => [...new Set(saidNames(text, analyzer).map((name) => name.text))]);
    const several = sides.find((names) => names.length > 1 || /\b(?:and|or)\b/.test(names[0] ?? ""));
    const names = several ?? sides.find((side) => side.length > 0);
    if (names !== undefined) return names.slice(0, 3);
  }
  return [];
}

const carry = (question: string, names: readonly string[]): FollowUp =>
  names.length === 0
    ? { question }
    : { question: `${question.trim()} (${names.join(", ")})`, carried: names.join(", ") };

/** What the question before was about, where it has no name: its words that say something. */
function withTopic(question: string, { asked }: ResolvedTurn, analyzer: Analyzer): FollowUp {
  const known = readQuestion(question, analyzer).words;
  const words = [...readQuestion(asked, analyzer).words].filter(([term]) => !known.has(term)).map(([, word]) => word);
  return carry(question, words.length === 0 ? [] : [words.slice(0, 8).join(" ")]);
}

/** Names in the place of the word that stands for them; in brackets behind the question where they are several. */
function put(question: string, { kind, possessive, span }: Reference, [first, ...more]: readonly string[]): string {
  if (more.length > 0 || kind === "pointing") return `${question.trim()} (${[first, ...more].join(", ")})`;
  const inPlace = kind === "place" ? `in ${first}` : `${first}${possessive ? "'s" : ""}`;
  return `${question.slice(0, span[0])}${inPlace}${question.slice(span[1])}`;
}

/** A question that is no sentence: what is left of it without "and" and "what about". */
function fragmentOf(question: string): string | undefined {
  if (bareWord.test(question.replace(lead, ""))) return question.replace(lead, "").replace(/[\s?!.]+$/, "");
  const isAbout = about.test(question);
  const rest = question
    .replace(isAbout ? about : lead, "")
    .replace(/[\s?!.]+$/, "")
    .trim();
  if (rest === "" || rest.split(/\s+/).length > longestFragment) return undefined;
  const marked =
    isAbout ||
    lead.test(question) ||
    (preposition.test(rest) && rest.split(/\s+/).length <= 3 && /\?\s*$/.test(question));
  return marked && (isAbout || !asking.test(rest)) ? rest : undefined;
}

interface FragmentParts {
  readonly reference: Reference | undefined;
  readonly found: readonly string[];
  readonly question: string;
  readonly analyzer: Analyzer;
}

function ofFragment(
  fragment: string,
  last: ResolvedTurn,
  { reference, found, question, analyzer }: FragmentParts,
): FollowUp {
  const asked = last.asked.trim();
  const bare = bareWord.exec(fragment)?.[1];
  if (bare !== undefined) {
    const rest = asked
      .replace(lead, "")
      .replace(
        /^\W*(?:who|whom|what|when|where|why|how(?:\s+(?:many|much|long|old|often|far|tall|big|high|deep))?|which\s+\w+)\s+(?=(?:do|does|did|is|are|was|were|can|could|has|have|had|will|would|should)\b)/i,
        "",
      );
    return {
      question: `${bare} ${rest.charAt(0).toLowerCase()}${rest.slice(1)}`,
      carried: `the question before, asked for ${bare}`,
    };
  }
  const before = saidNames(asked, analyzer);
  if (reference !== undefined && found.length === 1) {
    const offset = question.indexOf(fragment);
    const span = [reference.span[0] - offset, reference.span[1] - offset] as const;
    const meant = span[0] < 0 ? fragment : put(fragment, { ...reference, span }, found);
    const holder = before.find(({ text }) => text === found[0]);
    const whole =
      holder === undefined ? `${meant} (${contentOf(asked, analyzer)})` : replaced(asked, holder.span, meant);
    return { question: whole, carried: `"${reference.word}" is ${found[0]}` };
  }
  const core = fragment.replace(preposition, "");
  const dates = datesIn(core);
  const names = saidNames(fragment, analyzer);
  if (dates.length > 0 && names.length === 0) {
    const earlier = datesIn(asked);
    const [one] = earlier;
    const at = fragment.replace(/^(?!in\b|on\b|since\b|by\b|before\b|after\b|during\b|from\b|as of\b)/i, "in ");
    const text = earlier.length === 1 ? replaced(asked, one!.span, core) : `${asked.replace(/[\s?!.]+$/, "")} ${at}?`;
    return { question: text, carried: `the question before, for ${core}` };
  }
  // "Q2" for "Q1"
  const shaped = /^(\p{L}+)\d+$/u.exec(core)?.[1];
  const alike =
    shaped === undefined ? null : new RegExp(`(?<![\\p{L}\\p{N}])${shaped}\\d+(?![\\p{L}\\p{N}])`, "iu").exec(asked);
  if (alike !== null) {
    const span = [alike.index, alike.index + alike[0].length] as const;
    return { question: replaced(asked, span, core), carried: `the question before, for ${core}` };
  }
  // "the second quarter" for "the first quarter"
  const head = core.split(/\s+/).at(-1)!;
  const twin = new RegExp(`\\b(?:the\\s+)?[\\p{L}\\p{N}]+\\s+${escaped(head)}\\b`, "iu").exec(asked);
  if (names.length === 0 && core.replace(article, "").includes(" ") && twin !== null) {
    const span = [twin.index, twin.index + twin[0].length] as const;
    return { question: replaced(asked, span, core), carried: `the question before, for ${core}` };
  }
  const [name] = names;
  if (name !== undefined) {
    const others = readQuestion(fragment, analyzer).terms.filter(
      (term) => !analyzer.terms(names.map(({ text }) => text).join(" ")).includes(term),
    );
    if (others.length > 0) return { question };
    const prefix = preposition.exec(fragment)?.[1];
    const after =
      prefix === undefined
        ? undefined
        : before.find(({ span }) => new RegExp(`\\b${prefix}\\s+(?:the\\s+)?$`, "i").test(asked.slice(0, span[0])));
    const target = after ?? (before.length === 1 ? before[0] : undefined);
    if (target === undefined)
      return before.some(({ key }) => isPart(key, name.key))
        ? { question }
        : { question: `${fragment} (${contentOf(asked, analyzer)})`, carried: "the words of the question before" };
    return {
      question: replaced(asked, target.span, core.replace(/^the\s+/i, "")),
      carried: `${name.text} in place of ${target.text}`,
    };
  }
  const carried =
    before.length > 0 && article.test(core)
      ? [...new Set(before.map(({ text }) => text))].join(", ")
      : allOf(asked, analyzer);
  return carried === "" ? { question } : { question: `${fragment} (${carried})`, carried };
}

/** The question's words that say something and are no names; all that say something where there are no others. */
function contentOf(asked: string, analyzer: Analyzer): string {
  const { words, names } = readQuestion(asked, analyzer);
  const others = [...words].filter(([term]) => !names.has(term)).map(([, word]) => word);
  return others.length === 0 ? allOf(asked, analyzer) : others.join(" ");
}

const allOf = (asked: string, analyzer: Analyzer): string =>
  [...readQuestion(asked, analyzer).words.values()].slice(0, 8).join(" ");

const replaced = (text: string, [start, end]: readonly [number, number], by: string): string =>
  `${text.slice(0, start)}${by}${text.slice(end)}`;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** "The university", where a name that ends so was said: the name stands in its place. */
function ofNoun(question: string, turns: readonly ResolvedTurn[], analyzer: Analyzer): FollowUp {
  for (const { 0: phrase, 1: noun, index } of question.matchAll(
    /\bthe ([a-z]{4,})\b(?!\s+(?:of|in|for|that|which|who)\b)/gi,
  )) {
    for (const { asked, answer } of [...turns].reverse()) {
      const name = [...saidNames(asked, analyzer), ...saidNames(answer, analyzer)].find(
        ({ key }) => key.endsWith(` ${noun!.toLowerCase()}`) || key.startsWith(`${noun!.toLowerCase()} of `),
      );
      if (name === undefined) continue;
      return {
        question: replaced(question, [index, index + phrase.length], name.text),
        carried: `"${phrase}" is ${name.text}`,
      };
    }
  }
  return general.test(question) ? carry(question, lastNames(turns, analyzer)) : { question };
}

/** "The company" of which was spoken, whatever its name is. */
const general =
  /\bthe (?:company|firm|university|school|college|film|movie|book|novel|album|song|band|team|club|city|town|author|writer|actor|building|bridge|river|island|battle)\b(?!\s+(?:of|in|for|that|which|who|where|with)\b)/i;
