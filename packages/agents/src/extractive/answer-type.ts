/** The kind of thing that a question asks for, as far as its words tell. */
export type AnswerType = "person" | "date" | "number" | "place" | "country" | "award" | "name" | "any";

const patterns: readonly (readonly [AnswerType, RegExp])[] = [
  ["number", /\bhow (?:many|much|long|old|far|tall|high|large|big|often|deep|fast)\b/i],
  [
    "number",
    /\bwhat (?:is|was|were) the (?:\w+ ){0,3}(?:number|population|amount|total|price|cost|distance|height|length|percentage|rate|capacity|age)\b/i,
  ],
  ["date", /\bwhen\b/i],
  ["date", /\b(?:what|which|in what|in which) (?:\w+ )?(?:year|date|month|day|decade|century)\b/i],
  ["date", /\bwhat (?:is|was) the (?:\w+ ){0,2}(?:year|date|day|birthday)\b/i],
  ["award", /\b(?:what|which) (?:(?:is|was|were) )?(?:the )?(?:\w+ )?(?:awards?|prizes?|medals?)\b/i],
  ["country", /\b(?:what|which) (?:(?:is|was) the )?(?:\w+ )?(?:country|nation|nationality|citizenship)\b/i],
  ["place", /\bwhere\b/i],
  ["place", /\bwhat (?:is|was) the (?:\w+ )?(?:place|birthplace|hometown|location|capital)\b/i],
  [
    "place",
    /\b(?:what|which) (?:\w+ ){0,2}(?:city|town|state|county|province|region|place|island|village|borough|district|continent)\b/i,
  ],
  ["person", /\bwho(?:m|se)?\b/i],
  ["name", /\b(?:what|which)\b/i],
];

/** What kind of answer a question wants: by the first words that tell; `any` when none do. */
export function answerType(question: string): AnswerType {
  let type: AnswerType = "any";
  let first = Number.POSITIVE_INFINITY;
  for (const [name, pattern] of patterns) {
    const at = question.search(pattern);
    if (at >= 0 && at < first) {
      first = at;
      type = name;
    }
  }
  return type;
}

const number =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)\b/i;
const date =
  /\b(?:1\d{3}|20\d{2})\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b/;
const locative = /\b(?:in|at|from|near|of|to|,)\s+(?:the\s+)?\p{Lu}/u;
const award =
  /\b(?:awards?|prizes?|medals?|Hall of Fame|Order of|knight(?:ed|hood)|Oscar|Grammy|Emmy|fellow(?:ship)?|OBE|CBE|MBE|KBE)\b/i;
/** "Austrian", "from Austria": adjectives of countries end in few ways. */
const demonym = /(?<![\p{L}])\p{Lu}\p{Ll}+(?:ish|ian|ese|can|ean|an|ch|ic|i|alese)(?![\p{L}])/u;

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
    case "country":
      return demonym.test(sentence) || (newNames > 0 && locative.test(sentence));
    case "award":
      return newNames > 0 && award.test(sentence);
    case "person":
    case "name":
      return newNames > 0;
    case "any":
      return false;
  }
}
