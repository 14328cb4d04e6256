import { datesIn } from "@clew/core/text";
import type { PassageReading } from "./read-evidence.js";
import type { QuestionReading } from "./read-question.js";
import { coverage, type TermWeights } from "./term-weights.js";

/** A name in the evidence that may lead to the rest of the answer. */
export interface Bridge {
  /** As written in the evidence. */
  readonly name: string;
  readonly score: number;
  /** The query that follows it: the name and the question's terms that its sentence left open. */
  readonly query: string;
  readonly passage: number;
}

/**
 * Names that the question does not hold but good sentences of the evidence do, best first: the worth of the sentence,
 * times the name's rarity among the evidence. Names that are the title of a passage gathered already lead nowhere new.
 */
export function bridges(
  question: QuestionReading,
  weights: TermWeights,
  passages: readonly PassageReading[],
): Bridge[] {
  const titles = new Set(passages.flatMap(({ titleKeys }) => titleKeys));
  const asked = [...question.runs.keys()];
  const holders = new Map<string, number>();
  for (const { sentences } of passages) {
    const names = new Set(sentences.flatMap((sentence) => [...sentence.names.keys()]));
    for (const name of names) holders.set(name, (holders.get(name) ?? 0) + 1);
  }
  const found = new Map<string, Bridge>();
  for (const [index, passage] of passages.entries()) {
    const whole = coverage(weights, (term) => passage.terms.has(term));
    for (const sentence of passage.sentences) {
      const cover = coverage(weights, (term) => sentence.terms.has(term));
      for (const [key, name] of sentence.names) {
        if (isDate(name) || titles.has(key) || asked.some((run) => run.includes(key) || key.includes(run))) continue;
        const rarity = 1 / Math.sqrt(holders.get(key)!);
        const words = key.split(" ").length;
        const score = (cover + 0.5 * whole) * rarity * (words > 1 ? 1 : 0.6) * (sentence.position === 0 ? 1.1 : 1);
        if (score <= (found.get(key)?.score ?? 0)) continue;
        const open = [...question.words].filter(([term]) => !sentence.terms.has(term)).map(([, word]) => word);
        found.set(key, { name, score, query: [name, ...open].join(" "), passage: index });
      }
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** "August 5", "York – September": a date leads to whatever else happened then. */
const isDate = (name: string): boolean => datesIn(name).length > 0 || endsInMonth.test(name);

const endsInMonth =
  /[–—-]\s*(?:January|February|March|April|May|June|July|August|September|October|November|December)$/;
