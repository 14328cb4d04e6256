import type { SizeFigures } from "../measure.js";
import { figure, perSecond, ratio } from "./format.js";

/** What was measured, as Markdown tables: one of building, one for each leg, the numbers of passages side by side. */
export function markdownTables(sizes: Readonly<Record<string, SizeFigures>>): string {
  const counts = Object.keys(sizes);
  const legs = [...new Set(counts.flatMap((count) => Object.keys(sizes[count]!.legs)))];
  const built = table(
    "built",
    counts.map((count) => ({
      titles: ["passages/s", "CPU s", "memory B", "disk B"].map((title) => `${title}, ${thousands(count)}`),
      rows: Object.fromEntries(
        Object.entries(sizes[count]!.build).map(([name, made]) => [
          name,
          [
            perSecond(made.passages_per_s),
            figure(made.build_cpu_ms / 1000),
            String(Math.round(made.memory_per_passage)),
            made.disk_per_passage === undefined ? "" : String(Math.round(made.disk_per_passage)),
          ],
        ]),
      ),
    })),
  );
  const searched = legs.map((leg) =>
    table(
      leg,
      counts.map((count) => ({
        titles: ["p50 / p95 ms", "CPU ms", "times clew", "times clew's CPU", "overlap"].map(
          (title) => `${title}, ${thousands(count)}`,
        ),
        rows: Object.fromEntries(
          Object.entries(sizes[count]!.legs[leg] ?? {}).map(([name, one]) => [
            name,
            [
              `${figure(one.ms_p50)} / ${figure(one.ms_p95)}`,
              figure(one.cpu_ms_p50),
              one.times_base === undefined ? "" : ratio(one.times_base),
              one.cpu_times_base === undefined ? "" : ratio(one.cpu_times_base),
              one.overlap === undefined ? "" : one.overlap.toFixed(3),
            ],
          ]),
        ),
      })),
    ),
  );
  const failed = counts.flatMap((count) =>
    Object.entries(sizes[count]!.failed).map(([name, why]) => `- ${name}, ${thousands(count)} passages: ${why}`),
  );
  return `${[built, ...searched, ...(failed.length > 0 ? [failed.join("\n")] : [])].join("\n\n")}\n`;
}

interface Part {
  readonly titles: readonly string[];
  readonly rows: Readonly<Record<string, readonly string[]>>;
}

/** Parts beside each other; a column that is empty in all rows is left out. */
function table(head: string, parts: readonly Part[]): string {
  const names = [...new Set(parts.flatMap(({ rows }) => Object.keys(rows)))];
  const titles = parts.flatMap((part) => part.titles);
  const rows = names.map((name) => parts.flatMap((part) => part.rows[name] ?? part.titles.map(() => "")));
  const kept = titles.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (first: string, cells: readonly string[]): string =>
    `| ${[first, ...cells.filter((_, column) => kept[column])].join(" | ")} |`;
  return [
    line(head, titles),
    line(
      "---",
      titles.map(() => "---"),
    ),
    ...names.map((name, at) => line(name, rows[at]!)),
  ].join("\n");
}

const thousands = (count: string): string => (Number(count) % 1000 === 0 ? `${Number(count) / 1000} k` : count);
