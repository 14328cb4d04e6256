import type { BudgetLimit, Meter } from "@clew/core";

const order: readonly BudgetLimit[] = ["tokens", "usd", "ms", "hops", "calls"];

/** A meter as another stands, its clock stopped: what is decided by it can be decided again. */
export function stoppedMeter(whole: Meter, elapsedMs: number): Meter {
  const { ms } = whole.budget;
  return {
    budget: whole.budget,
    get usage() {
      return whole.usage;
    },
    get hops() {
      return whole.hops;
    },
    elapsedMs,
    reached: () => {
      const reached = new Set(whole.reached());
      if (ms !== undefined && elapsedMs >= ms) reached.add("ms");
      else reached.delete("ms");
      return order.filter((limit) => reached.has(limit));
    },
    remaining: (limit) => (limit === "ms" && ms !== undefined ? Math.max(0, ms - elapsedMs) : whole.remaining(limit)),
    reserve: (worst) => whole.reserve(worst),
    charge: (spent) => whole.charge(spent),
    hop: () => whole.hop(),
    toJSON: () => whole.toJSON(),
  };
}
