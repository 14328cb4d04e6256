import { shuffled } from "@clew/core/measure";

/** One fold: chosen for it by the other folds, judged on its own queries. */
export interface TunedFold {
  /** Name of the candidate that was best on the other folds. */
  readonly chosen: string;
  readonly queries: number;
  /** Means over the fold's queries. */
  readonly tuned: number;
  readonly baseline: number;
}

/** What {@link crossValidate} found. */
export interface CrossValidated {
  readonly folds: readonly TunedFold[];
  /** Means over all queries, each judged by what the folds without it chose. */
  readonly tuned: number;
  readonly baseline: number;
  /** The same by query, in the order given. */
  readonly outOfFold: readonly { readonly tuned: number; readonly baseline: number }[];
  /** Position of the candidate that is best over all queries. */
  readonly best: number;
  /** Mean of each candidate over all queries, best first: the best of many looks better here than it is. */
  readonly candidates: readonly { readonly name: string; readonly mean: number }[];
}

/**
 * Chooses among candidates by k-fold cross-validation over queries. The first candidate is the baseline, and among
 * equals the earlier is chosen.
 *
 * @param values by query, then by candidate
 */
export function crossValidate(
  names: readonly string[],
  values: readonly (readonly number[])[],
  { folds, seed }: { readonly folds: number; readonly seed: number },
): CrossValidated {
  const order = shuffled([...values.keys()], seed);
  const outOfFold: { tuned: number; baseline: number }[] = new Array(values.length);
  const found = Array.from({ length: folds }, (_, fold): TunedFold => {
    const held = order.filter((_, position) => position % folds === fold);
    const chosen = bestOf(
      names,
      order.filter((_, position) => position % folds !== fold).map((query) => values[query]!),
    );
    for (const query of held) outOfFold[query] = { tuned: values[query]![chosen]!, baseline: values[query]![0]! };
    return {
      chosen: names[chosen]!,
      queries: held.length,
      tuned: mean(held.map((query) => outOfFold[query]!.tuned)),
      baseline: mean(held.map((query) => outOfFold[query]!.baseline)),
    };
  });
  return {
    folds: found,
    tuned: mean(outOfFold.map(({ tuned }) => tuned)),
    baseline: mean(outOfFold.map(({ baseline }) => baseline)),
    outOfFold,
    best: bestOf(names, values),
    candidates: names
      .map((name, candidate) => ({ name, mean: mean(values.map((row) => row[candidate]!)) }))
      .sort((a, b) => b.mean - a.mean || (a.name < b.name ? -1 : 1)),
  };
}

function bestOf(names: readonly string[], values: readonly (readonly number[])[]): number {
  const means = names.map((_, candidate) => mean(values.map((row) => row[candidate]!)));
  let best = 0;
  for (const [candidate, value] of means.entries()) {
    if (value > means[best]! + 1e-12) best = candidate; // a difference of rounding is none
  }
  return best;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
