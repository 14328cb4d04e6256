import type { Route, Turn } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import { readQuestion } from "./read-question.js";
import { resolveFollowUp } from "./resolve-follow-up.js";

const greeting =
  /^\W*(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings)(?:\s+(?:there|all|everyone|clew))?\W*$/i;
const thanks = /^\W*(?:thanks?|thank you|many thanks|cheers|thx)(?:\s+(?:you|a lot|very much|so much|again))*\W*$/i;
const farewell = /^\W*(?:bye|goodbye|good bye|see you|good night)(?:\s+\w+)?\W*$/i;
/** Asks for what was said, not for what there is. */
const again =
  /^\W*(?:(?:can|could|would) you )?(?:please )?(?:repeat that|say (?:that|it) again|repeat your (?:last )?answer|what did you (?:just )?say)(?: please)?\W*$/i;
/** Something that is to be done, and no search does. */
const order =
  /^\W*(?:please\s+)?(?:(?:can|could|would|will) you\s+)?(?:please\s+)?(?:remind me to|set (?:an? |the )?(?:alarm|timer|reminder)|send (?:an? |the |this |my )?(?:e-?mail|message|text)|book (?:me )?an? (?:flight|table|room|hotel|ticket|taxi)|order (?:me )?an? (?:pizza|taxi|coffee)|play (?:some|a song|music)|turn (?:on|off) the|call my|delete my|tell me a joke|sing me)\b/i;

/** Routes a question by its words alone: small talk is answered, all else is looked up. */
export function extractiveRoute(question: string, conversation: readonly Turn[], analyzer: Analyzer): Route {
  const say = (text: string, why: string): Route => ({ kind: "converse", text, why });
  if (question.trim() === "")
    return { kind: "clarify", text: "What would you like to know?", why: "the question is empty" };
  if (greeting.test(question)) return say("Hello. What would you like to know?", "a greeting");
  if (thanks.test(question)) return say("You are welcome.", "thanks");
  if (farewell.test(question)) return say("Goodbye.", "a farewell");
  const last = conversation.at(-1);
  if (last !== undefined && again.test(question)) return say(last.answer, "what was said before is asked for again");
  if (order.test(question)) {
    const text = "No documents were searched: this asks for something to be done, not for something to be found.";
    return { kind: "decline", text, why: "an order, not a question" };
  }
  const { question: resolved, carried, unresolved } = resolveFollowUp(question, conversation, analyzer);
  if (unresolved !== undefined && readQuestion(question, analyzer).terms.length === 0) {
    const text = `Whom or what do you mean by "${unresolved}"?`;
    return { kind: "clarify", text, why: `"${unresolved}" stands for something that was not said` };
  }
  const why = carried === undefined ? "a question for the sources" : `a follow-up: ${carried}`;
  return { kind: "retrieve", question: resolved, why };
}
