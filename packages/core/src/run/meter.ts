import type { Budget, BudgetLimit } from "./budget.js";
import type { Runtime } from "./runtime.js";
import { addUsage, noUsage, type Usage } from "./usage.js";

/** What a call may cost at worst, or what it did cost. Absent fields are 0. */
export type Charge = Partial<Usage>;

/** Money and tokens set aside for one call. */
export interface Reservation {
  /** Replaces the reservation by what was really spent. Once; further calls do nothing. */
  settle(spent: Charge): void;
  /** Gives everything back: the call was not made. */
  release(): void;
}

/** What a meter has counted, as plain JSON: it lives in the state of a run and survives it. */
export interface MeterState {
  readonly usage: Usage;
  readonly hops: number;
  /** Milliseconds spent before this process took the run over. */
  readonly ms: number;
}

/** Keeps count of one run against its budget. */
export interface Meter {
  readonly budget: Budget;
  /** Spent so far, reservations not included. */
  readonly usage: Usage;
  readonly hops: number;
  /** Milliseconds since the run began, over all processes that worked on it. */
  readonly elapsedMs: number;
  /** The limits that are reached: nothing more may be spent against them. */
  reached(): readonly BudgetLimit[];
  /** What is left of a limit after reservations; Infinity when it does not bind. */
  remaining(limit: BudgetLimit): number;
  /** Sets the worst case of a call aside, or says which limits refuse it. */
  reserve(worst: Charge): Reservation | { readonly refused: readonly BudgetLimit[] };
  /** Counts what was spent without asking: for what cannot be foreseen. */
  charge(spent: Charge): void;
  /** Counts a round of retrieval. */
  hop(): void;
  toJSON(): MeterState;
}

const complete = (charge: Charge): Usage => ({ ...noUsage, ...charge });

/** Options of {@link meter}. */
export interface MeterOptions {
  budget: Budget;
  runtime: Runtime;
  /** What an earlier process had counted. @default nothing */
  state?: MeterState | undefined;
}

/** Makes a {@link Meter}. */
export function meter({ budget, runtime, state }: MeterOptions): Meter {
  const start = runtime.now() - (state?.ms ?? 0);
  let usage = state?.usage ?? noUsage;
  let hops = state?.hops ?? 0;
  const reserved = new Set<Usage>();

  const committed = (): Usage => addUsage(usage, ...reserved);
  const elapsed = (): number => Math.max(0, runtime.now() - start);
  const used = (limit: BudgetLimit, { inputTokens, outputTokens, usd, calls }: Usage): number => {
    switch (limit) {
      case "tokens":
        return inputTokens + outputTokens;
      case "usd":
        return usd;
      case "calls":
        return calls;
      case "hops":
        return hops;
      case "ms":
        return elapsed();
    }
  };
  const limits = (["tokens", "usd", "ms", "hops", "calls"] as const).filter((limit) => budget[limit] !== undefined);

  return {
    budget,
    get usage() {
      return usage;
    },
    get hops() {
      return hops;
    },
    get elapsedMs() {
      return elapsed();
    },
    reached: () => limits.filter((limit) => used(limit, committed()) >= budget[limit]!),
    remaining: (limit) => {
      const bound = budget[limit];
      return bound === undefined ? Number.POSITIVE_INFINITY : Math.max(0, bound - used(limit, committed()));
    },
    reserve: (worst) => {
      const wanted = complete(worst);
      const after = addUsage(committed(), wanted);
      const refused = limits.filter((limit) =>
        limit === "ms" ? elapsed() >= budget.ms! : limit !== "hops" && used(limit, after) > budget[limit]!,
      );
      if (refused.length > 0) return { refused };
      reserved.add(wanted);
      return {
        settle: (spent) => {
          if (reserved.delete(wanted)) usage = addUsage(usage, complete(spent));
        },
        release: () => {
          reserved.delete(wanted);
        },
      };
    },
    charge: (spent) => {
      usage = addUsage(usage, complete(spent));
    },
    hop: () => {
      hops += 1;
    },
    toJSON: () => ({ usage, hops, ms: elapsed() }),
  };
}
