import type { Route, Turn } from "@clew/core";
import { type Analyzer, capitalisedRuns } from "@clew/core/text";

const greeting =
  /^\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings)(?:\s+(?:there|all|everyone|clew))?\W*$/i;
const thanks = /^\W*(?:thanks?|thank you|many thanks|cheers|thx)(?:\s+(?:you|a lot|very much|so much|again))*\W*$/i;
const farewell = /^\W*(?:bye|goodbye|good bye|see you|good night)(?:\s+\w+)?\W*$/i;
/** Words that stand for something said before. */
const referring =
  /\b(?:he|him|his|she|her|hers|it|its|they|them|their|theirs|this|that|these|those|there|one|the same)\b/i;
/** Beginnings of questions that go on from the one before. */
const continuing = /^\W*(?:and|but|so|what about|how about|also|why|where|when)\b/i;
const longFollowUp = 8;
const carriedNames = 3;

/** Routes a question by its words alone: small talk is answered, all else is looked up. */
export function extractiveRoute(question: string, conversation: readonly Turn[], analyzer: Analyzer): Route {
  const say = (text: string, why: string): Route => ({ kind: "converse", text, why });
  if (question.trim() === "")
    return { kind: "clarify", text: "What would you like to know?", why: "the question is empty" };
  if (greeting.test(question)) return say("Hello. What would you like to know?", "a greeting");
  if (thanks.test(question)) return say("You are welcome.", "thanks");
  if (farewell.test(question)) return say("Goodbye.", "a farewell");
  const carried = namesToCarry(question, conversation, analyzer);
  if (carried.length === 0) return { kind: "retrieve", question, why: "a question for the sources" };
  return {
    kind: "retrieve",
    question: `${question.trim()} (${carried.join(", ")})`,
    why: `a follow-up: ${carried.join(", ")} from the turn before`,
  };
}

/** Names of the last turn that a follow-up leaves out: first those of its question, then those of its answer. */
function namesToCarry(question: string, conversation: readonly Turn[], analyzer: Analyzer): string[] {
  const last = conversation.at(-1);
  if (last === undefined) return [];
  const own = capitalisedRuns(question);
  const short = question.trim().split(/\s+/).length <= longFollowUp;
  const refers = referring.test(question) || (short && continuing.test(question) && own.length === 0);
  if (!refers) return [];
  const known = new Set(own.map(({ key }) => key));
  const names: string[] = [];
  for (const { key, text } of [...capitalisedRuns(last.question), ...capitalisedRuns(last.answer)]) {
    if (known.has(key) || analyzer.terms(text).length === 0) continue;
    known.add(key);
    names.push(text);
  }
  return names.slice(0, carriedNames);
}
