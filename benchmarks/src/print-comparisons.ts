import type { ComparisonAmongMany, MetricComparison } from "@clew/evaluate";

/** Prints paired differences in points (hundredths of a metric), with 95 % intervals and p values corrected by Holm. */
export function printComparisons(
  comparisons: readonly ComparisonAmongMany[],
  metrics: readonly string[],
  queries: number,
): void {
  const [{ baseline }] = comparisons as [ComparisonAmongMany];
  console.log(`Differences from ${baseline} over ${comparisons[0]!.queries} judged queries, in points (95 % interval)`);
  console.table(
    Object.fromEntries(
      comparisons.map(({ contender, metrics: found, corrected }) => [
        contender,
        Object.fromEntries(metrics.map((name) => [name, describe(found[name]!, corrected[name]!)])),
      ]),
    ),
  );
  for (const { contender, metrics: found } of queries > 0 ? comparisons : []) {
    const moved = found[metrics[0]!]!.queries.filter(({ difference }) => difference !== 0);
    console.log(`${contender}, ${metrics[0]}: the queries that gained and lost most`);
    const shown = moved.length > 2 * queries ? [...moved.slice(0, queries), ...moved.slice(-queries)] : moved;
    for (const { query, text, difference } of shown) console.log(`  ${points(difference)}  ${query}  ${text ?? ""}`);
  }
}

const points = (value: number): string => `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(1)}`;

const describe = ({ difference: { mean, low, high }, wins, losses, ties }: MetricComparison, p: number): string =>
  `${points(mean)} [${points(low)}, ${points(high)}] p ${p < 0.001 ? "< 0.001" : p.toFixed(3)}, won ${wins} lost ${losses} tied ${ties}`;
