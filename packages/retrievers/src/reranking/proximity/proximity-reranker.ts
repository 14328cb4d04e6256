import {
  checkKeys,
  type Hit,
  nonNegative,
  note,
  noUsage,
  type Reranked,
  type Reranker,
  type RerankOptions,
  sleep,
  startDeadline,
  systemRuntime,
} from "@clew/core";
import { type Analyzer, analyzer as analyzerOf } from "@clew/core/text";
import { stretched } from "../blend/stretched.js";
import { type PassageTerms, passageTerms } from "./passage-terms.js";
import { type ProximityFeatures, proximityFeatures } from "./proximity-features.js";
import { queryTerms } from "./query-terms.js";

/** Options of {@link proximityReranker}. */
export interface ProximityRerankerOptions {
  /**
   * What each feature in [0, 1] adds to the score of the stage before, itself stretched to [0, 1]. A larger `title` helps
   * where titles are names. @default title .5, near .1, window .1
   */
  weights?: Partial<Readonly<Record<keyof ProximityFeatures, number>>> | undefined;
  /** Terms of question and passages. @default the English one */
  analyzer?: Analyzer | undefined;
}

/** UTF-16 code units that are analysed between two turns of the event loop: some ten milliseconds. */
const turn = 50_000;

const names = ["title", "near", "window"] as const satisfies readonly (keyof ProximityFeatures)[];

/**
 * Reranks without a model: to the score of the stage before it adds how near each other the question's terms stand in
 * the passage, and how much of its title the question names. Terms weigh `ln(1 + (n − df + .5) / (df + .5))` over the n
 * hits given, so what all of them hold decides nothing. Its scores hold those of the stage before already: `reranked`
 * takes them as they are unless a `blend` is set.
 *
 * @throws ClewError `invalid-option`
 */
export function proximityReranker(options: ProximityRerankerOptions = {}): Reranker {
  checkKeys("proximityReranker", options, ["weights", "analyzer"] satisfies (keyof ProximityRerankerOptions)[]);
  const { weights: given = {}, analyzer = analyzerOf() } = options;
  checkKeys("proximityReranker.weights", given, names);
  const { title = 0.5, near = 0.1, window = 0.1 } = given;
  const weights = { title, near, window };
  for (const name of names) nonNegative(`weights.${name}`, weights[name]);
  const id = "proximity";
  return {
    id,
    scale: "complete",
    rerank: async (query, hits, { signal, deadlineMs, call }: RerankOptions = {}): Promise<Reranked> => {
      if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
      const own = signal ?? call?.signal;
      own?.throwIfAborted();
      const deadline = startDeadline({ ms: deadlineMs, signal: own, runtime: call?.runtime ?? systemRuntime });
      const terms = queryTerms(query, analyzer);
      const read: PassageTerms[] = [];
      let since = 0;
      try {
        for (const { passage } of hits) {
          if (deadline.passed()) break;
          read.push(passageTerms(passage, terms, analyzer));
          since += passage.text.length;
          if (since < turn) continue;
          since = 0;
          await sleep(0, own);
        }
      } finally {
        deadline.clear();
      }
      const idf = weightsOfTerms(read, terms.numbers.size);
      const before = stretched(hits.slice(0, read.length).map(({ score }) => score));
      const scores = hits.map((hit: Hit, index) => {
        const passage = read[index];
        if (passage === undefined) return undefined;
        const features = proximityFeatures(terms, passage, idf);
        return names.reduce((sum, name) => sum + weights[name] * features[name], before(hit.score));
      });
      const late = note("deadline-passed", `${read.length} of ${hits.length} passages were read in ${deadlineMs} ms.`, {
        scored: read.length,
        of: hits.length,
      });
      return { scores, notes: read.length < hits.length ? [late] : [], usage: noUsage };
    },
  };
}

function weightsOfTerms(passages: readonly PassageTerms[], terms: number): number[] {
  return Array.from({ length: terms }, (_, number) => {
    const df = passages.filter(({ positions, inTitle }) => positions[number]!.length > 0 || inTitle.has(number)).length;
    return Math.log(1 + (passages.length - df + 0.5) / (df + 0.5));
  });
}
