import { type Analyzer, capitalisedRuns } from "@clew/core/text";
import { type AnswerType, answerType } from "./answer-type.js";

/** A question as the extractive policy reads it. */
export interface QuestionReading {
  readonly text: string;
  /** Distinct content terms, in order. */
  readonly terms: readonly string[];
  /** Of these, those of names: capitalised words, numbers, codes. */
  readonly names: ReadonlySet<string>;
  /** Runs of capitalised words: their keys, with how they are written. */
  readonly runs: ReadonlyMap<string, string>;
  /** The terms as the question writes them. */
  readonly words: ReadonlyMap<string, string>;
  readonly type: AnswerType;
}

/** Words that ask and carry no content, beyond the analyzer's own stop words. */
const scaffolding =
  "who whom whose which what when where why how many much long old often far name named give tell list find did do does done can could would should will shall may might must has have had been being were am you your me my we our us he she his her him hers its also than both either between other another same one did who's what's please about from during after before known called";

/** Reads a question: its content terms, its names, and the kind of answer it wants. */
export function readQuestion(question: string, analyzer: Analyzer): QuestionReading {
  const left = new Set(analyzer.terms(scaffolding));
  const runs = new Map<string, string>();
  const names = new Set<string>();
  for (const { key, text } of capitalisedRuns(question)) {
    const telling = analyzer.terms(text).filter((term) => !left.has(term));
    if (telling.length === 0) continue;
    runs.set(key, text);
    for (const term of telling) names.add(term);
  }
  const words = new Map<string, string>();
  for (const { term, start, end } of analyzer.analyze(question)) {
    if (left.has(term) || words.has(term)) continue;
    words.set(term, question.slice(start, end));
    if (/\d/.test(term)) names.add(term);
  }
  return { text: question, terms: [...words.keys()], words, names, runs, type: answerType(question) };
}
