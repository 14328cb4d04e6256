import { bootstrapInterval, type Interval } from "@clew/evaluate";

/** A metric of every query of a set under every fusion, the default first. */
export interface FusionTable {
  readonly set: string;
  /** By query, then by fusion. */
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
}

/** One line of the report. */
export interface FusionRow {
  /** How it was chosen. */
  readonly label: string;
  /** Name of the fusion; for a choice of its own for every set, "various". */
  readonly fusion: string;
  /** Means over the sets' means, on the halves that were chosen on and on the others. */
  readonly first: number;
  readonly second: number;
  /** Mean of each set on the second half. */
  readonly bySet: readonly number[];
  /** Paired difference from the default on the second halves, each set counted alike; absent for the default. */
  readonly difference?: Interval | undefined;
}

/** What {@link fusionReport} found. */
export interface FusionReport {
  readonly sets: readonly string[];
  readonly rows: readonly FusionRow[];
  /** Every fusion: means over the sets' means. */
  readonly candidates: readonly { readonly name: string; readonly first: number; readonly second: number }[];
}

/** The best of each family by the first halves, judged on the second, beside the default. */
export async function fusionReport(names: readonly string[], tables: readonly FusionTable[]): Promise<FusionReport> {
  const over = (half: "first" | "second", fusion: number, sets = tables): number =>
    mean(sets.map((table) => mean(table[half].map((values) => values[fusion]!))));
  const best = (among: readonly number[], sets = tables): number =>
    among.reduce((a, b) => (over("first", b, sets) > over("first", a, sets) + 1e-12 ? b : a));
  const all = [...names.keys()];
  const family = (wanted: (name: string) => boolean): number => best(all.filter((index) => wanted(names[index]!)));
  const row = async (label: string, chosen: readonly number[]): Promise<FusionRow> => ({
    label,
    fusion: chosen.every((fusion) => fusion === chosen[0]) ? names[chosen[0]!]! : "various",
    first: mean(tables.map((table, set) => mean(table.first.map((values) => values[chosen[set]!]!)))),
    second: mean(tables.map((table, set) => mean(table.second.map((values) => values[chosen[set]!]!)))),
    bySet: tables.map((table, set) => mean(table.second.map((values) => values[chosen[set]!]!))),
    difference: chosen.every((fusion) => fusion === 0) ? undefined : await difference(tables, chosen),
  });
  const same = (fusion: number): number[] => tables.map(() => fusion);
  const isRaw = (name: string): boolean => name.startsWith("convex") && !name.includes(" by ");
  const byName: readonly (readonly [string, (name: string) => boolean])[] = [
    ["lexical alone", (name) => name === "convex(dense 0, lexical 1)"],
    ["dense alone", (name) => name === "convex(dense 1, lexical 0)"],
    ["raw cosine", isRaw],
    ["cosine / max", (name) => / by max/.test(name)],
    ["min-max", (name) => / by min-max/.test(name)],
    ["rrf 10, equal", (name) => name.startsWith("rrf(10,") && name.includes("dense 0.5")],
    ["rrf 60, equal", (name) => name.startsWith("rrf(60,") && name.includes("dense 0.5")],
    ["rrf", (name) => name.startsWith("rrf")],
    ["any", () => true],
  ];
  return {
    sets: tables.map(({ set }) => set),
    rows: [
      await row("default", same(0)),
      ...(await Promise.all(byName.map(([label, wanted]) => row(`best ${label}`, same(family(wanted)))))),
      await row("any, chosen on the other sets", [
        ...tables.map((left) =>
          best(
            all,
            tables.filter((table) => table !== left),
          ),
        ),
      ]),
      await row(
        "any, chosen on each set",
        tables.map((table) => best(all, [table])),
      ),
    ],
    candidates: names
      .map((name, index) => ({ name, first: over("first", index), second: over("second", index) }))
      .sort((a, b) => b.first - a.first || (a.name < b.name ? -1 : 1)),
  };
}

/** Weighs queries so that the mean over all of them is the mean of the sets' means. */
function difference(tables: readonly FusionTable[], chosen: readonly number[]): Promise<Interval> {
  const total = tables.reduce((sum, { second }) => sum + second.length, 0);
  return bootstrapInterval(
    tables.flatMap(({ second }, set) =>
      second.map((values) => ((values[chosen[set]!]! - values[0]!) * total) / (tables.length * second.length)),
    ),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
