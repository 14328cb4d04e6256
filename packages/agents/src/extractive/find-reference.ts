import type { SaidName } from "./question-names.js";

/** A word of a question that stands for something said before. */
export interface Reference {
  readonly kind: "person" | "thing" | "several" | "place" | "pointing";
  readonly word: string;
  /** Whether it is followed by what belongs to it: "its capital". */
  readonly possessive: boolean;
  readonly span: readonly [start: number, end: number];
}

const pronoun =
  /(?<![\p{L}\p{N}'’-])(?:(?<person>he|him|his|she|her|hers|himself|herself)|(?<thing>it|its|itself)|(?<several>they|them|their|theirs|themselves)|(?<place>there)|(?<pointing>this|that|these|those))(?![\p{L}\p{N}’'-])/giu;

/** "How long does it take to …", "is it true that …", "what time is it": it stands for nothing. */
const expletive =
  /\bit\s+(?:takes?|took|costs?|means?|hurts?|pays?)\b.*?\b(?:to|for|if|when)\s+\w|\bit\s+(?:(?:is|was)\s+)?(?:true|possible|legal|illegal|safe|likely|dangerous|normal|better|easy|hard|worth|important|necessary)\b|\bwhat (?:time|day|date|year) is it\b|\bit\s+(?:(?:is|was)\s+)?(?:rain(?:ing|s|ed)?|snow(?:ing|s|ed)?|cold|hot|late|early)\b/i;
const existential =
  /\b(?:is|are|was|were|be|been|am|exists?)\s+there\b|\bthere\s+(?:is|are|was|were|be|been|exists?|has|have|will)\b|\bthere['’]s\b/i;
const object = new Set(["him", "them", "it", "her", "himself", "herself", "themselves", "itself"]);
const possessive = new Set(["his", "her", "its", "their"]);
/** "Why do cats purr when they sleep?", "What is photosynthesis and how does it work?" */
const ownSubject =
  /^\W*(?:(?:and|but|so)\s+)?(?:(?:why|how|when|where|what|which|who|whom)\s+)?(?:do|does|did|is|are|was|were|can|could|will|would|should|has|have|had)\s+(?:the\s+|an?\s+|some\s+|most\s+|all\s+)?(?<subject>[a-z]+)\b.*(?:,|\b(?:when|while|if|because|before|after|since|and|although|until|so)\b)/i;
/** "Which company changed its name?" */
const ownNoun =
  /^\W*(?:(?:and|but|so)\s+)?(?:which|what)\s+[a-z]+\s+(?!do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)[a-z]+\s+$/i;
const standing = /^(?:he|she|it|they|this|that|these|those|there|one|him|her|them|you|we|i)$/i;
/** What may stand before a "that" that points: "after that", "is that more". */
const beforePointing =
  /(?:^\W*(?:(?:and|but|so)\s+)?|\b(?:about|of|in|on|at|for|with|to|from|after|before|since|like|than|by|during|is|was|were|are|did|does|do|has|said|say|says|do|know|mean|happen(?:ed)?|why|how|when|where|who)\s+)$/i;

/** The first word of a question that stands for something that the question itself does not hold; undefined for none. */
export function findReference(question: string, own: readonly SaidName[]): Reference | undefined {
  for (const match of question.matchAll(pronoun)) {
    const [word] = match;
    const { index } = match;
    const groups = match.groups!;
    const kind = (["person", "thing", "several", "place", "pointing"] as const).find(
      (one) => groups[one] !== undefined,
    )!;
    const before = question.slice(0, index);
    const after = question.slice(index + word.length);
    const lower = word.toLowerCase();
    const belongs =
      possessive.has(lower) &&
      /^\s+[\p{L}\p{N}]/u.test(after) &&
      !/^\s+(?:to|at|in|on|and|or|for|with|famous|known)\b/i.test(after);
    if (lower === "it" && expletive.test(question)) continue;
    if (kind === "place" && existential.test(question)) continue;
    if (kind === "pointing") {
      // "the city that hosted the Olympics", "is it true that honey …"
      if (own.some(({ span }) => span[1] <= index) || !beforePointing.test(before)) continue;
      if (lower === "that" && /\b(?:true|say|says|said|know|mean)\s+$/i.test(before) && /^\s+\p{L}/u.test(after))
        continue;
    } else {
      const subject = ownSubject.exec(before)?.groups?.subject;
      if (subject !== undefined && !standing.test(subject) && !/^happen/i.test(subject)) continue;
      if (belongs && ownNoun.test(before)) continue;
      const named = own.some(({ span }) => span[1] <= index);
      // "Did Apple buy it?": no one buys oneself
      const apart = object.has(lower) && !belongs && /^\W*(?:$|\b(?:in|on|at|for|from|to|with|of|by)\b)/i.test(after);
      if (named && !apart) continue;
    }
    return { kind, word, possessive: belongs, span: [index, index + word.length] };
  }
  return undefined;
}
