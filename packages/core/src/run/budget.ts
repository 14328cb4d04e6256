import { nonNegative } from "../errors/check-number.js";

/** The limits of a run. An absent limit does not bind; 0 means none at all. */
export interface Budget {
  /** Input and output tokens of all models together. */
  readonly tokens?: number | undefined;
  /** US dollars. */
  readonly usd?: number | undefined;
  /** Milliseconds from the start of the run. */
  readonly ms?: number | undefined;
  /** Rounds of retrieval. */
  readonly hops?: number | undefined;
  /** Calls of models, embedders and rerankers. */
  readonly calls?: number | undefined;
}

/** Names of the limits. */
export type BudgetLimit = keyof Budget;

/**
 * Returns the budget when every limit is a finite number of 0 or more.
 *
 * @throws ClewError `invalid-option`
 */
export function checkBudget(budget: Budget): Budget {
  for (const limit of ["tokens", "usd", "ms", "hops", "calls"] as const) {
    if (budget[limit] !== undefined) nonNegative(`budget.${limit}`, budget[limit]);
  }
  return budget;
}
