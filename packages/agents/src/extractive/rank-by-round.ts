import { mentions } from "./mentions.js";
import { byScore, type RankedSentence, type RankSentencesOptions, rankSentences } from "./rank-sentences.js";
import type { PassageReading } from "./read-evidence.js";

/**
 * Ranks every sentence of the evidence, best first: those of the first round by what that round brought alone, so that what
 * is found later cannot unsettle them; those of later rounds, by all evidence, have to be better.
 */
export function rankByRound(passages: readonly PassageReading[], options: RankSentencesOptions): RankedSentence[] {
  const { evidence } = options;
  const first = [...passages.keys()].filter((index) => evidence[index]!.hop === 1);
  const own = first.map((index) => passages[index]!);
  // queries of later rounds that found them again say nothing here: the first round had not made them
  const asked = new Set(first.flatMap((index) => evidence[index]!.queries.slice(0, 1)));
  const before = rankSentences(own, {
    ...options,
    mentions: mentions(own),
    evidence: first.map((index) => {
      const { hop, queries } = evidence[index]!;
      return { hop, queries: queries.filter((query) => asked.has(query)) };
    }),
  });
  const isWhole = first.length === passages.length;
  const later = isWhole ? [] : rankSentences(passages, options);
  return [
    ...later.filter(({ passage }) => evidence[passage]!.hop !== 1),
    ...before.map((ranked) => ({ ...ranked, passage: first[ranked.passage]! })),
  ].sort(byScore);
}
