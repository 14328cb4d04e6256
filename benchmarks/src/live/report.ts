import { addUsage, type Usage } from "@clew/core";
import type { Asked } from "./ask-all.js";

/** Figures over all questions. */
export interface LiveSummary {
  readonly questions: number;
  /** Questions asked once more, with the decision to look something up taken by code. */
  readonly askedAgain: number;
  readonly threw: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly notes: Readonly<Record<string, number>>;
  readonly citations: number;
  readonly verbatim: number;
  readonly usage: Usage;
  readonly msMedian: number;
  readonly msMax: number;
}

/** One row of the table. */
export const rowOf = ({ question, way, routed, answer, ms, wrong }: Asked) => ({
  question: question.slice(0, 48),
  way,
  routed,
  status: answer?.status ?? "threw",
  verdicts: shown(count(answer?.sentences.map(({ verdict }) => verdict) ?? [])),
  citations: answer?.citations.length ?? 0,
  evidence: answer?.evidence.length ?? 0,
  calls: answer?.usage.calls ?? 0,
  tokens: `${answer?.usage.inputTokens ?? 0}+${answer?.usage.outputTokens ?? 0}`,
  seconds: Number((ms / 1000).toFixed(1)),
  wrong: wrong.length,
});

/** Adds up what came of the questions. */
export function summarise(all: readonly Asked[], texts: ReadonlyMap<string, string>): LiveSummary {
  const answers = all.flatMap(({ answer }) => answer ?? []);
  const citations = answers.flatMap((answer) => answer.citations);
  const times = all.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b);
  return {
    questions: new Set(all.map(({ question }) => question)).size,
    askedAgain: all.filter(({ routed }) => routed === "code").length,
    threw: all.length - answers.length,
    statuses: count(answers.map(({ status }) => status)),
    verdicts: count(answers.flatMap(({ sentences }) => sentences.map(({ verdict }) => verdict))),
    notes: count(answers.flatMap(({ notes }) => notes.map(({ code }) => code))),
    citations: citations.length,
    verbatim: citations.filter(({ source, span, quote }) => texts.get(source)?.slice(...span) === quote).length,
    usage: addUsage(...answers.map(({ usage }) => usage)),
    msMedian: times[times.length >> 1] ?? 0,
    msMax: times.at(-1) ?? 0,
  };
}

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const shown = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, times]) => `${times} ${name}`)
    .join(", ");
