import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isOurs, type SizeFigures } from "../measure.js";
import { barsSvg } from "./bars-svg.js";
import { figure } from "./format.js";

/** Writes a picture for each leg that more than one system has, fastest first; returns their paths. */
export async function writePlots(
  folder: string,
  passages: number,
  { legs }: SizeFigures,
  k: number,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [leg, bySystem] of Object.entries(legs)) {
    const entries = Object.entries(bySystem);
    if (entries.length < 2) continue;
    const path = join(folder, `speed-${passages}-${leg}.svg`);
    await writeFile(
      path,
      barsSvg({
        title: `${leg.charAt(0).toUpperCase()}${leg.slice(1)} search over ${passages.toLocaleString("en")} passages`,
        subtitle: `Milliseconds a question, first ${k}: median as a bar, 95th percentile as a tick. Shorter is faster; the scale is logarithmic.`,
        unit: "milliseconds",
        bars: entries
          .sort(([, a], [, b]) => a.ms_p50 - b.ms_p50)
          .map(([name, { ms_p50, ms_p95, times_base }]) => ({
            label: name,
            value: ms_p50,
            tick: ms_p95,
            note: `${figure(ms_p50)} ms${times_base === undefined || isOurs(name) ? "" : ` · ${figure(times_base.median)}×`}`,
            ours: isOurs(name),
          })),
      }),
    );
    paths.push(path);
  }
  return paths;
}
