import { percentile } from "../percentile.js";

/** One question that one system answered on one leg. */
export interface Sample {
  readonly round: number;
  readonly query: number;
  readonly ms: number;
  /** Processor time of all its threads. */
  readonly cpuMs: number;
  readonly ids: readonly string[];
}

/** A ratio over the rounds. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Figures of one system on one leg. */
export interface LegFigures {
  /** Questions answered in the time there was. */
  readonly queries: number;
  readonly ms_p50: number;
  readonly ms_p95: number;
  /** Median processor time of a question, over all threads. */
  readonly cpu_ms_p50: number;
  /** How many times as long as the base took over the same questions, median by median, round by round. */
  readonly times_base?: Ratio | undefined;
  /** The same of processor time: what a shared machine disturbs least. */
  readonly cpu_times_base?: Ratio | undefined;
  /** Mean share of the reference's first k that are among the system's first k. */
  readonly overlap?: number | undefined;
}

/** Options of {@link legFigures}. */
export interface LegFiguresOptions {
  readonly samples: readonly Sample[];
  /** Those of the system compared with. */
  readonly base?: readonly Sample[] | undefined;
  /** The right ids by question; questions without any are left out. */
  readonly reference?: ReadonlyMap<number, readonly string[]> | undefined;
}

/** Sums up what was measured; the system and its base are compared on questions that both answered. */
export function legFigures({ samples, base, reference }: LegFiguresOptions): LegFigures {
  const times = samples.map(({ ms }) => ms);
  return {
    queries: samples.length,
    ms_p50: percentile(times, 0.5),
    ms_p95: percentile(times, 0.95),
    cpu_ms_p50: percentile(
      samples.map(({ cpuMs }) => cpuMs),
      0.5,
    ),
    times_base: base && ratioTo(samples, base, ({ ms }) => ms),
    cpu_times_base: base && ratioTo(samples, base, ({ cpuMs }) => cpuMs),
    overlap: reference && overlapWith(samples, reference),
  };
}

function ratioTo(
  samples: readonly Sample[],
  base: readonly Sample[],
  timeOf: (sample: Sample) => number,
): Ratio | undefined {
  const baseTimes = new Map(base.map((sample) => [sample.query, timeOf(sample)]));
  const shared = samples.filter(({ query }) => baseTimes.has(query));
  const ratios = [...new Set(shared.map(({ round }) => round))].map((round) => {
    const both = shared.filter((sample) => sample.round === round);
    const mine = both.map(timeOf);
    const other = both.map(({ query }) => baseTimes.get(query)!);
    return percentile(mine, 0.5) / percentile(other, 0.5);
  });
  if (ratios.length === 0) return undefined;
  return { median: percentile(ratios, 0.5), min: Math.min(...ratios), max: Math.max(...ratios) };
}

function overlapWith(
  samples: readonly Sample[],
  reference: ReadonlyMap<number, readonly string[]>,
): number | undefined {
  const shares = samples.flatMap(({ query, ids }) => {
    const right = reference.get(query) ?? [];
    if (right.length === 0) return [];
    const found = new Set(ids);
    return [right.filter((id) => found.has(id)).length / right.length];
  });
  return shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
