/** The kind of thing that a question asks for, as far as its words tell. */
export type AnswerType = "person" | "date" | "number" | "place" | "name" | "any";

const patterns: readonly (readonly [AnswerType, RegExp])[] = [
  ["number", /\bhow (?:many|much|long|old|far|tall|high|large|big|often|deep|fast)\b/i],
  [
    "number",
    /\bwhat (?:is|was|were) the (?:\w+ ){0,3}(?:number|population|amount|total|price|cost|distance|height|length|percentage|rate|capacity|age)\b/i,
  ],
  ["date", /\bwhen\b/i],
  ["date", /\b(?:what|which|in what|in which) (?:\w+ )?(?:year|date|month|day|decade|century)\b/i],
  ["person", /\bwho(?:m|se)?\b/i],
  ["place", /\bwhere\b/i],
  [
    "place",
    /\b(?:what|which) (?:\w+ ){0,2}(?:city|town|country|state|county|province|region|place|island|village|borough|district|continent)\b/i,
  ],
  ["name", /\b(?:what|which)\b/i],
];

/** What kind of answer a question wants; `any` when its words do not say. */
export function answerType(question: string): AnswerType {
  return patterns.find(([, pattern]) => pattern.test(question))?.[0] ?? "any";
}

const number =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)\b/i;
const date =
  /\b(?:1\d{3}|20\d{2})\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b/;
const locative = /\b(?:in|at|from|near|of|to|,)\s+(?:the\s+)?\p{Lu}/u;

/**
 * True when a sentence holds something of the kind asked for.
 *
 * @param newNames names in the sentence that the question does not hold
 */
export function holdsAnswer(type: AnswerType, sentence: string, newNames: number): boolean {
  switch (type) {
    case "number":
      return number.test(sentence);
    case "date":
      return date.test(sentence);
    case "place":
      return newNames > 0 && locative.test(sentence);
    case "person":
    case "name":
      return newNames > 0;
    case "any":
      return false;
  }
}
