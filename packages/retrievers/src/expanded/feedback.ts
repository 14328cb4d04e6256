import { checkKeys, note, noUsage, positiveInteger } from "@clew/core";
import { type Analyzer, analyzer as makeAnalyzer } from "@clew/core/text";
import type { Expander } from "./expander.js";
import { feedbackTerms } from "./feedback-terms.js";

/** Options of {@link feedback}. */
export interface FeedbackOptions {
  /** Passages at the head of the original's result that are taken as relevant. @default 5 */
  passages?: number | undefined;
  /** Terms that are added to the query at most. @default 5 */
  terms?: number | undefined;
  /** Finds the terms; that of the index is best. @default analyzer(), English */
  analyzer?: Analyzer | undefined;
}

/**
 * Pseudo-relevance feedback, without a model: the original query with the words that set its best hits apart from the
 * rest of what it found. It raises recall far down the list more than the order at its head; a first result that is wrong
 * is made worse, which is why the original keeps its vote.
 *
 * A word w is weighed by `sum over the best of share(d) × tf(w, d) / length(d)`, share(d) being the part of d in their
 * scores, times `ln((n + 1) / (df(w) + .5))` over the n passages found: the relevance model RM1 with evidence of the
 * result itself in place of collection statistics. Words of one passage alone are left out.
 *
 * @throws ClewError `invalid-option`
 * @see Lavrenko and Croft, "Relevance-Based Language Models", SIGIR 2001
 * @see Abdul-Jaleel et al., "UMass at TREC 2004: Novelty and HARD" (RM3), TREC 2004
 */
export function feedback(options: FeedbackOptions = {}): Expander {
  checkKeys("feedback", options, ["passages", "terms", "analyzer"] satisfies (keyof FeedbackOptions)[]);
  const { passages = 5, terms = 5, analyzer = makeAnalyzer() } = options;
  positiveInteger("passages", passages);
  positiveInteger("terms", terms);
  return {
    id: "feedback",
    expand: async (query, { found, signal }) => {
      const { hits } = await found();
      const added = await feedbackTerms({ query, hits, passages, terms, analyzer, signal });
      if (added.length === 0) {
        const told = note("fell-back", "feedback found no words to add; the query was searched as it is.", {
          expander: "feedback",
        });
        return { queries: [], notes: [told], usage: noUsage };
      }
      const words = added.map(({ word }) => word).join(" ");
      return { queries: [{ text: `${query} ${words}`, label: `+ ${words}` }], notes: [], usage: noUsage };
    },
  };
}
