import type { LeafForm } from "@clew/core";
import { type Analyzer, datesIn } from "@clew/core/text";
import { readQuestion } from "../extractive/read-question.js";
import { wordsOf } from "./leaves-of.js";

/** What a leaf is looked up by. */
export interface FieldQuery {
  readonly leaf: LeafForm;
  /** Ways of naming it: its own name, and each phrase of its description. The last term of each is its head. */
  readonly names: readonly (readonly string[])[];
  /** Everything that the schema says of it. */
  readonly hint: string;
  /** Terms of the question. */
  readonly asked: ReadonlySet<string>;
  /** Of these, those of names, numbers left out. */
  readonly whom: ReadonlySet<string>;
  /** Years that question and schema name. */
  readonly years: readonly string[];
}

/** Words that every field of a kind may have in its name. */
const generic: Readonly<Record<LeafForm["kind"], string>> = {
  number: "number amount value count figure total annual overall company group reported current",
  date: "date day on at time when",
  text: "name text title full legal current",
  choice: "kind type value",
  boolean: "",
};
const phraseEnd = /[,;:()/]|\bor\b|\bi\.e\.|\be\.g\.|\bsuch as\b|\bas\b/i;
/** Behind these the head of a phrase is over: "date of incorporation". */
const behindHead = /\b(?:of|in|for|at|from|to|that|which|who|during|by|on|with|under)\b/i;

/** Reads a leaf and the question that it belongs to. */
export function fieldQuery(path: readonly string[], leaf: LeafForm, question: string, analyzer: Analyzer): FieldQuery {
  const own = wordsOf(path.at(-1)!);
  const phrases = [own, ...(leaf.about ?? "").split(phraseEnd)].map((phrase) => phrase.trim());
  const left = new Set(analyzer.terms(generic[leaf.kind]));
  const names = phrases.flatMap((phrase) => {
    const [head = "", ...rest] = phrase.split(behindHead);
    const terms = [...rest.flatMap((part) => analyzer.terms(part)), ...analyzer.terms(head)];
    const telling = terms.filter((term) => !left.has(term));
    return telling.length > 0 ? [telling] : [];
  });
  const hint = [...path.filter((step) => step !== "*").map(wordsOf), leaf.about ?? ""].join("\n");
  const years = datesIn(`${question}\n${leaf.about ?? ""}`).map(({ value }) => value.slice(0, 4));
  const reading = readQuestion(question, analyzer);
  return {
    leaf,
    names,
    hint,
    asked: new Set(reading.terms),
    whom: new Set([...reading.names].filter((term) => !/\d/.test(term))),
    years: [...new Set(years.filter((year) => /^\d{4}$/.test(year)))],
  };
}
