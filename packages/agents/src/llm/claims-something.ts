import type { Turn } from "@clew/core";
import { analyzer, sentences, stopWords, wordTokens } from "@clew/core/text";

/** What a reply without sources is held against. */
export interface ReplyGround {
  readonly question: string;
  readonly conversation: readonly Turn[];
}

/** Words of courtesy, and of replies that speak of the conversation itself: nobody could look them up. */
const courtesy =
  "hello hi hey welcome thank thanks thankful sorry apologies please sure certainly gladly goodbye bye nice glad happy pleased pleasure " +
  "good great fine well okay ok morning afternoon evening night day today meet help assist hope look find search ask tell mean " +
  "understand know clarify rephrase specify explain describe detail details specific more another anything something else further " +
  "question questions answer answers document documents topic name word words information conversation earlier before previous " +
  "previously first last said asked told mentioned talked discussed talking asking looking anytime ready here let want need like";
/** Words that carry nothing by themselves. "Yes" and "no" are none of them: they answer. */
const carriers =
  "i me my you your yours we us our it its this that these those there am is are was were be been being do does did done have has had " +
  "can could would will shall should may might must a an the of to in on at for from with by as about and or but if so then than not " +
  "what which who whom whose when where why how any some all very too also just again one m s t d ll re ve " +
  "i'm i'd i'll i've you're you've we're it's that's what's let's don't didn't can't couldn't isn't aren't won't";
const counted = new Set(
  "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions dozen dozens".split(
    " ",
  ),
);
const verdicts = new Set(["yes", "no", "true", "false", "correct", "indeed", "right", "wrong"]);
const questionMark = /[?？؟]["”’')]*\s*$/;

const { analyze, terms } = analyzer();
const courteous = new Set(terms(courtesy));
const carrying = new Set(terms(carriers));
const openers = new Set([...stopWords("en"), ...wordTokens(`${courtesy} ${carriers}`).map(({ term }) => term)]);

/**
 * Says what a reply claims that was not looked up: the first word that a reader would have to check.
 *
 * Numbers, and words with a capital, must stand in the question or the conversation; so must every other word of a
 * statement, but for words of courtesy. A statement made of the question's words alone is an answer to it, and
 * counts as a claim; so does one that begins with "yes" or "no". Words of courtesy are English: in other languages more
 * is taken for a claim than is one. What is recombined from the conversation's own words is not noticed.
 *
 * @param kind `statement` for a reply, `question` for what the user is asked back
 * @returns the word, or what is wrong with the whole; undefined where nothing is claimed
 */
export function claimsSomething(
  text: string,
  kind: "statement" | "question",
  { question, conversation }: ReplyGround,
): string | undefined {
  const turns = conversation.map((turn) => `${turn.question}\n${turn.answer}`).join("\n");
  const known = new Set(wordTokens(`${question}\n${turns}`).map(({ term }) => term));
  const starts = new Set(sentences(text).map(([start, end]) => start + firstLetter(text.slice(start, end))));
  for (const { term, span } of wordTokens(text)) {
    if (known.has(term)) continue;
    const word = text.slice(...span);
    if (/\p{N}/u.test(word) || counted.has(term)) return word;
    const opens = starts.has(span[0]) || word === "I" || term === "ok";
    if (/\p{Lu}|\p{Lt}/u.test(word) && !(opens && openers.has(term))) return word;
  }
  if (kind === "question") return questionMark.test(text) ? undefined : "it asks nothing";

  const opening = wordTokens(text)[0];
  if (opening !== undefined && verdicts.has(opening.term)) return text.slice(...opening.span);
  const said = new Set(terms(turns));
  const asked = new Set(terms(question));
  let own = false;
  for (const { term, start, end } of analyze(text)) {
    if (carrying.has(term)) continue;
    if (courteous.has(term) || said.has(term)) own = true;
    else if (!asked.has(term)) return text.slice(start, end);
  }
  return own ? undefined : "it answers in the question's words";
}

const firstLetter = (text: string): number => Math.max(0, text.search(/[\p{L}\p{N}]/u));
