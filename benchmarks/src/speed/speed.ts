import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { invalidOption } from "@clew/core";
import { writeReport } from "../write-report.js";
import { measure, type SizeFigures } from "./measure.js";
import { machine } from "./report/machine.js";
import { markdownTables } from "./report/markdown-tables.js";
import { printTables } from "./report/print-tables.js";
import { writePlots } from "./report/write-plots.js";
import { allSystems } from "./systems/all-systems.js";
import { peerVersion } from "./systems/load-peer.js";
import type { System } from "./systems/system.js";

/** Options of `benchmark speed`. */
export interface SpeedOptions {
  readonly passages: readonly number[];
  readonly data: readonly string[];
  readonly systems?: readonly string[] | undefined;
  readonly rounds: number;
  readonly queries: number;
  readonly k: number;
  readonly seed: number;
  readonly limit: number;
  readonly out?: string | undefined;
  readonly markdown?: string | undefined;
  readonly plots?: string | undefined;
}

/** Length of a vector: MiniLM's. */
const dimensions = 384;

/** Build time, memory and latency of clew beside its peers, in one run with interleaved rounds. */
export async function speed(options: SpeedOptions): Promise<void> {
  const { passages, data, rounds, queries, k, seed, limit, out, markdown, plots } = options;
  const systems = chosen(options.systems);
  if (queries < rounds) throw invalidOption("queries", `${rounds} or more: one a round`, queries);
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Error("Interrupted."));
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  try {
    const where = await machine();
    const described: Record<string, object> = {};
    for (const system of systems) described[system.name] = await describe(system);
    const sizes: Record<string, SizeFigures> = {};
    for (const count of passages) {
      const figures = await measure({
        systems,
        passages: count,
        data,
        rounds,
        queries,
        dimensions,
        k,
        seed,
        limitMs: limit * 1000,
        signal: stop.signal,
        tell: (progress) => console.error(progress),
      });
      sizes[count] = figures;
      printTables(count, figures);
      if (plots !== undefined) {
        for (const path of await writePlots(plots, count, figures, k)) console.log(`Written to ${path}`);
      }
      // after each number of passages: what an interruption of the next one cannot take away
      if (markdown !== undefined) {
        await writeFile(markdown, markdownTables(sizes));
        console.log(`Written to ${markdown}`);
      }
      if (out !== undefined) {
        const texts = data.length === 0 ? "synthetic" : data.map((folder) => basename(folder));
        await writeReport(out, {
          machine: where,
          options: { k, rounds, queries, seed, dimensions, texts, limit_s: limit },
          systems: described,
          sizes,
        });
      }
    }
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

function chosen(names: readonly string[] | undefined): readonly System[] {
  const known = allSystems.map(({ name }) => name);
  for (const name of names ?? []) {
    if (!known.includes(name)) throw invalidOption("systems", `of ${known.join(", ")}`, name);
  }
  return allSystems.filter(({ name }) => names === undefined || names.includes(name));
}

async function describe({ packages, legs, analyzer, work }: System): Promise<object> {
  const versions: Record<string, string> = {};
  for (const name of packages) versions[name] = (await peerVersion(name)) ?? "not installed";
  return { packages: versions, legs, analyzer, work };
}
