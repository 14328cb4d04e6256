import type { BudgetLimit, Meter } from "@clew/core";

/** The limits that more was spent of than there is. */
export const exceeded = ({ usage, budget: { tokens, usd, calls } }: Pick<Meter, "usage" | "budget">): BudgetLimit[] => [
  ...(tokens !== undefined && usage.inputTokens + usage.outputTokens > tokens ? (["tokens"] as const) : []),
  ...(usd !== undefined && usage.usd > usd ? (["usd"] as const) : []),
  ...(calls !== undefined && usage.calls > calls ? (["calls"] as const) : []),
];
