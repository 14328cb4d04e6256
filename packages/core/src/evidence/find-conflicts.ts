import type { AnswerSentence } from "../agent/answer.js";
import type { Analyzer } from "../text/analyzer-port.js";
import { datesIn } from "../text/dates-in.js";
import { fold } from "../text/fold.js";
import { numbersIn } from "../text/numbers-in.js";
import type { Citation } from "./citation.js";
import type { Conflict } from "./conflicts-among.js";
import { defaultAnalyzer } from "./default-analyzer.js";
import type { Evidence } from "./evidence.js";
import { cite } from "./locate-quote.js";
import { type Statement, statementsOf } from "./statements.js";

/** A sentence of an answer that evidence contradicts. */
export interface FoundConflict extends Conflict {
  /** Index of the sentence. */
  readonly sentence: number;
}

/** Options of {@link findConflicts}. */
export interface FindConflictsOptions {
  /** Everything that was gathered, cited or not. */
  evidence: readonly Evidence[];
  /** Makes the terms that are compared; that of the sources' language. @default the English one */
  analyzer?: Analyzer | undefined;
}

/**
 * Finds evidence of another source that gives another number or date than a cited quote for the same thing, cited or not.
 * Made to miss rather than to accuse: both sentences must name the same subject, and say the same of it in the same words
 * under the same conditions (dates, quarters, units, places); 1,234 is no contradiction of 1,200, nor 1575 of
 * 8 February 1575. Of a quote, only what the sentence itself repeats is looked at.
 *
 * @returns conflicts in order of the sentences, at most one for each sentence and contradicting evidence; the first
 *   citation is that of the sentence, the second the contradiction's, a sentence of its passage
 */
export function findConflicts(
  sentences: readonly AnswerSentence[],
  { evidence, analyzer = defaultAnalyzer() }: FindConflictsOptions,
): FoundConflict[] {
  const byId = new Map(evidence.map((one) => [one.id, one]));
  const read = new Map<string, Statement[]>();
  const statements = (one: Evidence): Statement[] => {
    const known = read.get(one.id) ?? statementsOf(one.passage, analyzer);
    read.set(one.id, known);
    return known;
  };
  const folded = new Map<string, string>();
  const mentions = ({ id, passage: { title, text } }: Evidence, subject: string): boolean => {
    const known = folded.get(id) ?? fold(`${title} ${text}`);
    folded.set(id, known);
    return subject.split(" ").every((word) => known.includes(word));
  };
  const found: FoundConflict[] = [];
  for (const [index, sentence] of sentences.entries()) {
    const accused = new Set<string>();
    for (const citation of sentence.citations) {
      const own = byId.get(citation.evidence);
      if (own === undefined) continue;
      const offset = own.passage.span[0];
      const repeated = statements(own).filter(
        ({ span, ...statement }) =>
          span[0] + offset < citation.span[1] &&
          citation.span[0] < span[1] + offset &&
          repeats(sentence.text, statement),
      );
      if (repeated.length === 0) continue;
      for (const other of evidence) {
        if (other.passage.source === own.passage.source || accused.has(other.id)) continue;
        if (areNamesakes(own.passage.title, other.passage.title)) continue;
        if (!repeated.some(({ subject }) => mentions(other, subject))) continue;
        const opposed = statements(other).find((one) => repeated.some((mine) => disagree(mine, one)));
        if (opposed === undefined) continue;
        accused.add(other.id);
        const [start, end] = opposed.span;
        const contradiction = cite(other, [start, end]);
        found.push({
          sentence: index,
          between: [citation, contradiction],
          message: messageOf(citation, contradiction),
        });
      }
    }
  }
  return found;
}

/** Whether a sentence of an answer holds the value of a statement. */
const repeats = (text: string, { kind, value }: Pick<Statement, "kind" | "value">): boolean =>
  kind === "date"
    ? datesIn(text).some((date) => compatible(date.value, String(value)))
    : numbersIn(text).some((number) => number.value === value);

function disagree(a: Statement, b: Statement): boolean {
  if (a.kind !== b.kind || a.subject !== b.subject || a.attribute !== b.attribute || a.when !== b.when) return false;
  if (typeof a.value === "string" || typeof b.value === "string") {
    const [one, other] = [String(a.value), String(b.value)];
    // a day without its year says too little
    if (one.startsWith("--") || other.startsWith("--") || compatible(one, other)) return false;
    // lives that lie further apart are two people's
    return !lives.has(a.attribute) || Math.abs(Number(one.slice(0, 4)) - Number(other.slice(0, 4))) <= mostYears;
  }
  const digits = Math.min(a.digits, b.digits);
  return Number(a.value.toPrecision(digits)) !== Number(b.value.toPrecision(digits));
}

const lives = new Set(["born", "die"]);
const mostYears = 10;

/** "Jaws (film)" and "Jaws (novel)": titles that tell two things of one name apart. */
function areNamesakes(a: string, b: string): boolean {
  const bare = (title: string): string => title.slice(0, longest).replace(/ ?\([^()]*\)$/, "");
  return a !== b && a !== "" && bare(a) === bare(b);
}

/** Of two dates, whether the one lies in the other. */
const compatible = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

const longest = 200;
const shorten = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

const messageOf = (a: Citation, b: Citation): string =>
  `${a.evidence} (${a.source}) says "${shorten(a.quote)}", but ${b.evidence} (${b.source}) says "${shorten(b.quote)}".`;
