import {
  type Budget,
  checkBudget,
  checkFilter,
  checkKeys,
  invalidOption,
  type Prices,
  positiveInteger,
  priceOfServed,
  type Turn,
} from "@clew/core";
import type { RunOptions } from "./graph/run-state.js";

const budgetKeys = ["tokens", "usd", "ms", "hops", "calls"];

/**
 * The options of a run, checked, those that are undefined left out: a resumed run is known by them.
 *
 * @throws ClewError `invalid-option`, `invalid-filter`
 */
export function checkRun({ conversation, budget, filter, k }: RunOptions): RunOptions {
  if (filter !== undefined) checkFilter(filter);
  if (conversation !== undefined && !conversation.every(isTurn)) {
    throw invalidOption("conversation", "a list of turns, each with a question and an answer");
  }
  return {
    ...(conversation === undefined ? {} : { conversation }),
    ...(budget === undefined ? {} : { budget: budgetOf(budget) }),
    ...(filter === undefined ? {} : { filter }),
    ...(k === undefined ? {} : { k: positiveInteger("k", k) }),
  };
}

const isTurn = (turn: Turn): boolean => typeof turn?.question === "string" && typeof turn.answer === "string";

/**
 * The limits that are given.
 *
 * @throws ClewError `invalid-option`
 */
export function budgetOf(budget: Budget): Budget {
  checkKeys("budget", budget, budgetKeys);
  checkBudget(budget);
  return Object.fromEntries(Object.entries(budget).filter(([, limit]) => limit !== undefined));
}

/**
 * Under a limit of money, what models cost must be known before they are asked.
 *
 * @throws ClewError `invalid-option`
 */
export function checkPriced({ usd }: Budget, prices: Prices | undefined, ids: readonly string[]): void {
  const unknown = usd === undefined ? undefined : ids.find((id) => priceOfServed(prices, id) === undefined);
  if (unknown !== undefined) {
    throw invalidOption("prices", `a table with the price of ${unknown} where the budget has a limit of usd`, unknown);
  }
}
