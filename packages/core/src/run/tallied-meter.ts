import type { Charge, Meter } from "./meter.js";
import { addUsage, noUsage, type Usage } from "./usage.js";

/** A meter that also counts what went through it. */
export interface TalliedMeter {
  readonly meter: Meter;
  /** What went through it so far. */
  usage(): Usage;
  /** Charges what a search reports beyond what its stages charged themselves: nothing is counted twice, nothing is lost. */
  chargeRest(reported: Usage): void;
  /** All that a search spent: what it reports, or what its stages charged, whichever is more. */
  total(reported: Usage): Usage;
}

/** Makes a {@link TalliedMeter} over the meter of a run, for one search. */
export function talliedMeter(whole: Meter): TalliedMeter {
  let through: Usage = noUsage;
  const count = (spent: Charge): void => {
    through = addUsage(through, { ...noUsage, ...spent });
  };
  const meter: Meter = {
    get budget() {
      return whole.budget;
    },
    get usage() {
      return whole.usage;
    },
    get hops() {
      return whole.hops;
    },
    get elapsedMs() {
      return whole.elapsedMs;
    },
    reached: () => whole.reached(),
    remaining: (limit) => whole.remaining(limit),
    reserve: (worst) => {
      const reservation = whole.reserve(worst);
      if ("refused" in reservation) return reservation;
      let open = true;
      return {
        settle: (spent) => {
          if (open) count(spent);
          open = false;
          reservation.settle(spent);
        },
        release: () => {
          open = false;
          reservation.release();
        },
      };
    },
    charge: (spent) => {
      count(spent);
      whole.charge(spent);
    },
    hop: () => whole.hop(),
    toJSON: () => whole.toJSON(),
  };
  const rest = (reported: number, counted: number): number => Math.max(0, reported - counted);
  return {
    meter,
    usage: () => through,
    chargeRest: ({ inputTokens, outputTokens, calls, usd }) => {
      const missing = {
        inputTokens: rest(inputTokens, through.inputTokens),
        outputTokens: rest(outputTokens, through.outputTokens),
        calls: rest(calls, through.calls),
        usd: rest(usd, through.usd),
      };
      if (Object.values(missing).some((part) => part > 0)) whole.charge(missing);
    },
    total: ({ inputTokens, outputTokens, calls, usd }) => ({
      inputTokens: Math.max(inputTokens, through.inputTokens),
      outputTokens: Math.max(outputTokens, through.outputTokens),
      calls: Math.max(calls, through.calls),
      usd: Math.max(usd, through.usd),
    }),
  };
}
