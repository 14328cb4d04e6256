import type { Analyzer } from "@clew/core/text";
import type { Reference } from "./find-reference.js";
import { type SaidName, saidNames } from "./question-names.js";

/** A turn whose question stands on its own. */
export interface ResolvedTurn {
  readonly asked: string;
  readonly answer: string;
}

const mostNames = 3;
const asksWho = /^\W*(?:(?:and|but|so)\s+)?(?:who|whom|whose)\b|\bwho\s+(?:is|was|are|were)\b/i;
/** "Who was Ada Lovelace?" asks of her, not for another. */
const asksOf = /^\W*(?:who|what)\s+(?:is|was|are|were)\s+(?:the\s+)?$/i;
/** "Which company …", "What is the capital of …": the answer is a thing with a name. */
const asksWhich =
  /^\W*(?:(?:and|but|so)\s+)?(?:in\s+|at\s+|on\s+)?(?:which|what)\s+(?:(?!(?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|year|day|date|month|time|percentage|number|amount)\b)[a-z]+|(?:is|was|are|were)\s+the\s+(?:[a-z]+\s+){1,3}(?:of|in|for)\b)/i;
const asksWhere = /^\W*(?:(?:and|but|so)\s+)?where\b/i;
/** "Which actors …": the answer is people. */
const person =
  "(?:actor|actress|author|writer|director|singer|president|king|queen|player|man|men|woman|women|person|people|scientist|painter|poet|founder|ceo|minister|politician|composer|inventor|architect|student|brother|sister|son|daughter|wife|husband|mother|father)";
const asksWhichPerson = new RegExp(
  `^\\W*(?:which|what)\\s+(?:[a-z]+\\s+)?${person}(?:s|es)?\\b|^\\W*(?:which|what)\\s+(?:is|are|was|were)\\s+the\\s+${person}(?:s|es)?\\b`,
  "i",
);
const asksWhichMany = /^\W*(?:which|what)\s+(?!is\b|was\b|does\b|has\b)[a-z]+s\b/i;
const asksList = /^\W*(?:list|name|give|show|what are|which are|who are|tell me the)\b/i;
/** It is somebody of whom this is asked. */
const ofSomebody = /\b(?:born|die[ds]?|marry|married|live[ds]?|study|studied|attend(?:ed)?|buried)\b/i;
const howMany = /\bhow many\s+([a-z]+)/i;
const nationality = /^(?:\p{L}+(?:ish|ese|ian|ean)|American|German|Dutch|French|Greek|Swiss|Czech|Thai)$/u;

/** What a reference can stand for: names of the latest turn that has some, those that fit best. */
export function antecedents(reference: Reference, turns: readonly ResolvedTurn[], analyzer: Analyzer): string[] {
  for (const turn of [...turns].reverse()) {
    const found = inTurn(reference, turn, analyzer);
    if (found.length > 0) return found;
  }
  return [];
}

function inTurn({ kind, word }: Reference, { asked, answer }: ResolvedTurn, analyzer: Analyzer): string[] {
  const before = saidNames(asked, analyzer);
  const fresh = withoutPeoples(
    saidNames(answer, analyzer).filter(({ key }) => !before.some((one) => isPart(one.key, key))),
  );
  const plural = kind === "several" ? howMany.exec(asked)?.[1] : undefined;
  if (plural !== undefined && before.length > 0) return [`${plural} of ${textOf(before)[0]}`];
  // "he" who wrote it, "it" that was written
  const people = (asksWho.test(asked) || asksWhichPerson.test(asked)) && !isAskedOf(asked, before);
  const things = asksWhich.test(asked) && !asksWhichPerson.test(asked);
  const fits = {
    person: people,
    thing: (things && !asksWhichMany.test(asked)) || ofSomebody.test(asked),
    several: before.length < 2 && (people || things || asksList.test(asked)),
    place: things || asksWhere.test(asked),
    pointing: false,
  };
  const fromAnswer = fresh.length > 0 && fits[kind];
  if (fromAnswer) return textOf(fresh);
  if (before.length > 0) {
    const one = kind === "person" || (kind === "thing" && word.toLowerCase() !== "itself");
    // one thing is meant: the first that the question names, unless it names them side by side
    return one && before.length > 1 && !/\bor\b|\band\b/i.test(asked) ? textOf(before).slice(0, 1) : textOf(before);
  }
  // a capital that only opens a sentence makes no name
  return textOf(
    fresh.filter(({ text, span }) => text.includes(" ") || !/(?:^|[.!?]\s+)$/.test(answer.slice(0, span[0]))),
  );
}

const textOf = (names: readonly SaidName[]): string[] =>
  [...new Set(names.map(({ text }) => text))].slice(0, mostNames);

/** One key within the other, word for word. */
export const isPart = (a: string, b: string): boolean => ` ${a} `.includes(` ${b} `) || ` ${b} `.includes(` ${a} `);

const isAskedOf = (asked: string, [first]: readonly SaidName[]): boolean =>
  first !== undefined && asksOf.test(asked.slice(0, first.span[0])) && /^\W*$/.test(asked.slice(first.span[1]));

/** "An English mathematician": the people that somebody belongs to is not meant. */
const withoutPeoples = (names: readonly SaidName[]): SaidName[] => names.filter(({ text }) => !nationality.test(text));
