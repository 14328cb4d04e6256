import type { SizeFigures } from "../measure.js";
import { figure, perSecond, ratio } from "./format.js";

/** Prints what was measured over one number of passages. */
export function printTables(passages: number, { build, legs, failed, text_per_passage }: SizeFigures): void {
  console.log(`\n${passages} passages of ${Math.round(text_per_passage)} bytes: built`);
  console.table(
    Object.fromEntries(
      Object.entries(build).map(([name, made]) => [
        name,
        {
          "build s": figure(made.build_ms / 1000),
          "CPU s": figure(made.build_cpu_ms / 1000),
          "passages/s": perSecond(made.passages_per_s),
          "open ms": made.open_ms === undefined ? "" : figure(made.open_ms),
          "memory B/passage": Math.round(made.memory_per_passage),
          "of it JavaScript": Math.round(made.javascript_per_passage),
          "disk B/passage": made.disk_per_passage === undefined ? "" : Math.round(made.disk_per_passage),
        },
      ]),
    ),
  );
  for (const [leg, bySystem] of Object.entries(legs)) {
    console.log(`\n${passages} passages: ${leg}`);
    console.table(
      Object.fromEntries(
        Object.entries(bySystem).map(
          ([name, { queries, ms_p50, ms_p95, cpu_ms_p50, times_base, cpu_times_base, overlap }]) => [
            name,
            {
              questions: queries,
              "p50 ms": figure(ms_p50),
              "p95 ms": figure(ms_p95),
              "CPU p50 ms": figure(cpu_ms_p50),
              "times clew (min–max)": times_base === undefined ? "" : ratio(times_base),
              "times clew's CPU": cpu_times_base === undefined ? "" : ratio(cpu_times_base),
              overlap: overlap === undefined ? "" : overlap.toFixed(3),
            },
          ],
        ),
      ),
    );
  }
  for (const [name, reason] of Object.entries(failed)) console.log(`${name}: not measured to the end: ${reason}`);
}
