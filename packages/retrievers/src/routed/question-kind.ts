import { capitalisedRuns, wordTokens } from "@clew/core/text";

/**
 * What a text asks for: `code` an identifier, number or path; `phrase` words in quotes; `name` a name and nothing else;
 * `keywords` words without a question; `question` one fact; `multi-hop` a comparison, or a fact about something that is
 * itself described.
 */
export type QuestionKind = "code" | "phrase" | "name" | "keywords" | "question" | "multi-hop";

/** All kinds, as {@link questionKind} names them. */
export const questionKinds = [
  "code",
  "phrase",
  "name",
  "keywords",
  "question",
  "multi-hop",
] as const satisfies readonly QuestionKind[];

const maxText = 1_000;
/** A question of more words with a code in it is about more than the code. */
const maxCodeWords = 4;
const maxNameWords = 4;

const asks =
  /^(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|am|do|does|did|has|have|had|can|could|would|should|will|may|might|name|list|tell|explain|describe|compare|give|show|find)(?:['’](?:s|re|d))?\b/i;
const asksInside = /\b(?:in|of|to|for|on|at|from|by|with|under|during) (?:which|what|whom|whose)\b/i;
const questionMark = /[?？؟]\s*["”»)]?\s*$/u;
const quoted = /["“„«]([^"“”„«»]{2,})["”“»]/gu;
const compares =
  /\b(?:both|either|neither|same|than|compared?|difference|differ|between|versus|vs|or|older|younger|larger|bigger|taller|longer|earlier|later|first|more|most|common)\b/i;
/** A thing described by another: "the director of the film that …", "the wife of the man who …", "X's mother's". */
const nests = [
  /\bthe [\p{L}-]+(?: [\p{L}-]+)? (?:of|for|from|in|at|by|to|who|that|which|where) (?:the|a|an) [\p{L}-]+/iu,
  /\b(?:who|that|which|whose|where|whom)\b/i,
  /\p{L}['’]s [\p{L}-]+(?:['’]s|\b.{0,40}\b(?:of|who|that|which))/u,
  /\bof\b[^?]*\p{L}['’]s \p{Ll}/u,
];
/** Letters and digits in one run, joined digits, paths, snake_case, camelCase, and capitals with a hyphen or dot before digits. */
const codes = [
  /^(?=.*\p{L})(?=.*\p{N})[\p{L}\p{N}][\p{L}\p{N}._:/#@+-]*$/u,
  /^\p{N}+(?:[.\-/:]\p{N}+)+$/u,
  /^[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)+$/u,
  /^\p{Ll}+(?:\p{Lu}\p{Ll}*)+(?:\(\))?$/u,
  /^\p{Lu}\p{Ll}+(?:\p{Lu}\p{Ll}+)+$/u,
  /^(?:\.{0,2}\/)?[\w.-]+(?:\/[\w.-]+)+$/,
  /^\p{Lu}{2,}(?:[-.]\p{Lu}{2,})+$/u,
  /^\p{N}{5,}$/u,
];
/** "1930s", "2nd", "9am": numbers in prose. */
const plainNumber = /^\p{N}{1,4}(?:s|st|nd|rd|th|am|pm|%)?$/iu;

/**
 * Tells by rules what a text asks for. They know English question words, and of other languages the question mark, quotes,
 * capitals and codes; a question in another language without a question mark reads as keywords. The first 1,000 characters
 * count. Linear time.
 */
export function questionKind(text: string): QuestionKind {
  const question = text.slice(0, maxText).trim();
  const words = question.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const isAsked = asks.test(question) || asksInside.test(question) || questionMark.test(question);
  if (!isAsked) {
    if (words.length > 0 && words.length <= maxCodeWords && words.some(isCode)) return "code";
    if (quotedShare(question, words.length) >= 0.5) return "phrase";
    return isName(question, words) ? "name" : "keywords";
  }
  return isMultiHop(question) ? "multi-hop" : "question";
}

function isCode(word: string): boolean {
  const bare = word.replace(/^[^\p{L}\p{N}./_]+|[^\p{L}\p{N}_()]+$/gu, "");
  return !plainNumber.test(bare) && codes.some((code) => code.test(bare));
}

/** Share of the words that stand in quotes. */
function quotedShare(text: string, words: number): number {
  const inside = [...text.matchAll(quoted)].reduce((sum, [, inner]) => sum + wordTokens(inner!).length, 0);
  return words === 0 ? 0 : inside / words;
}

/** Whether all of the text is one name; "Diet and Cancer" is a heading. */
function isName(text: string, words: readonly string[]): boolean {
  if (words.length === 0 || words.length > maxNameWords || words.includes("and")) return false;
  const covered = capitalisedRuns(text).reduce((most, { span }) => Math.max(most, span[1] - span[0]), 0);
  return covered >= text.length - 2;
}

function isMultiHop(text: string): boolean {
  const names = new Set(capitalisedRuns(text).flatMap(({ key }) => key.split(" and "))).size;
  const body = text.replace(asks, "").replace(asksInside, "");
  if (names >= 2 && compares.test(body)) return true;
  return nests.some((nest) => nest.test(body));
}
