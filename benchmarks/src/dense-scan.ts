import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scope } from "@clew/core";
import { type EmbeddedIndex, openIndex } from "@clew/index";
import { type OnePass, onePass } from "./one-pass.js";
import { percentile } from "./percentile.js";
import { seededCorpus } from "./seeded-corpus.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark scan`. */
export interface DenseScanOptions {
  readonly rows: number;
  readonly dimensions: number;
  readonly rounds: number;
  readonly out?: string | undefined;
}

/** Milliseconds of one kind of work, and how they compare with one pass over the bytes in the same round. */
interface Figures {
  ms_min: number;
  ms_p50: number;
  ms_p95: number;
  /** Of the fastest rounds of both: what other work on the machine disturbs least. */
  ratio_min: number;
  /** Median of the ratios round by round, and the range of the middle 80 % of them. */
  ratio_p50: number;
  ratio_p10: number;
  ratio_p90: number;
}

// the inside of the index, where no public entry leads: the kernel alone is measured nowhere else
interface Block {
  readonly at: number;
  readonly bytes: number;
  readonly space: { readonly buffer: SharedArrayBuffer; readonly wasm: { readonly memory: object } };
}
interface CodeRows {
  readonly blocks: readonly Block[];
  readonly rowsPerBlock: number;
  push(codes: Int8Array): void;
  trim(): void;
}
interface ScanJob {
  readonly tasks: readonly unknown[];
  scan(task: number): void;
  release(): void;
}
const inside = (path: string): Promise<unknown> => import(new URL(path, import.meta.resolve("@clew/index")).href);

const warmUp = 10;

/** One pass over the int8 codes, a copy of them, the kernel alone, and the dense leg end to end, in interleaved rounds. */
export async function denseScan({ rows, dimensions, rounds, out }: DenseScanOptions): Promise<void> {
  const { codes, job } = await kernelOver(rows, dimensions);
  const pass = await onePass(codes.blocks[0]!.space.wasm.memory);
  const target = new Uint8Array(codes.blocks[0]!.bytes);
  const path = await mkdtemp(join(tmpdir(), "clew-scan-"));
  try {
    const { embedder, splitter, sources, vectorOf } = seededCorpus(rows, dimensions);
    const open = (threads?: number): Promise<EmbeddedIndex> => openIndex(path, { embedder, splitter, threads });
    const alone = await open(1);
    console.error(`Indexing ${rows} passages …`);
    await alone.sync(scope("scan"), sources());
    const helped = await open();
    const works: Record<string, (round: number) => unknown> = {
      "one pass": () => readAll(pass, codes),
      copy: () => {
        for (const { space, at, bytes } of codes.blocks) target.set(new Uint8Array(space.buffer, at, bytes));
      },
      kernel: () => {
        for (const task of job.tasks.keys()) job.scan(task);
      },
    };
    for (const k of [10, 100]) {
      works[`dense, k ${k}, 1 thread`] = (round) => search(alone, vectorOf(`query ${round}`), k);
      works[`dense, k ${k}, all threads`] = (round) => search(helped, vectorOf(`query ${round}`), k);
    }
    const times = await interleaved(works, rounds);
    const figures = Object.fromEntries(
      Object.entries(times).map(([name, ms]) => [name, summary(ms, times["one pass"]!)]),
    );
    console.log(`\n${rows} × ${dimensions}, ${rounds} rounds; ratios to one pass in the same round`);
    console.table(figures);
    await alone.close();
    await helped.close();
    if (out !== undefined) await writeReport(out, { rows, dimensions, rounds, figures });
  } finally {
    job.release();
    await rm(path, { recursive: true, force: true });
  }
}

/** Codes as the index keeps them, and a job that scans all of them. */
async function kernelOver(rows: number, dimensions: number): Promise<{ codes: CodeRows; job: ScanJob }> {
  const { CodeRows } = (await inside("./scan/code-rows.js")) as {
    CodeRows: new (options: { dimensions: number }) => CodeRows;
  };
  const { ScanJob } = (await inside("./scan/scan-job.js")) as {
    ScanJob: new (tasks: readonly object[], query: Int16Array) => ScanJob;
  };
  const codes = new CodeRows({ dimensions });
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >> 24;
  };
  for (let row = 0; row < rows; row++) codes.push(Int8Array.from({ length: dimensions }, next));
  codes.trim();
  const tasks = codes.blocks.map((_, block) => {
    const count = Math.min(codes.rowsPerBlock, rows - block * codes.rowsPerBlock);
    return { segment: 0, rows: codes, block, runs: [0, count], count };
  });
  return {
    codes,
    job: new ScanJob(
      tasks,
      Int16Array.from({ length: dimensions }, () => next() * 200),
    ),
  };
}

function readAll(pass: OnePass, { blocks }: CodeRows): void {
  for (const { at, bytes } of blocks) pass(at, at + bytes);
}

const search = (index: EmbeddedIndex, vector: Float32Array, k: number): Promise<unknown> =>
  index.in(scope("scan")).read((snapshot) => snapshot.dense({ text: "", vector }, { k }));

/** Milliseconds of each work in each round, one after the other; the first rounds are not counted. */
async function interleaved(
  works: Readonly<Record<string, (round: number) => unknown>>,
  rounds: number,
): Promise<Record<string, number[]>> {
  const times = Object.fromEntries(Object.keys(works).map((name): [string, number[]] => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      await new Promise(setImmediate);
      const since = performance.now();
      await work(round);
      const ms = performance.now() - since;
      if (round >= 0) times[name]!.push(ms);
    }
  }
  return times;
}

function summary(ms: readonly number[], yardstick: readonly number[]): Figures {
  const ratios = ms.map((value, round) => value / yardstick[round]!);
  const round = (value: number): number => Number(value.toFixed(2));
  return {
    ms_min: round(Math.min(...ms)),
    ms_p50: round(percentile(ms, 0.5)),
    ms_p95: round(percentile(ms, 0.95)),
    ratio_min: round(Math.min(...ms) / Math.min(...yardstick)),
    ratio_p50: round(percentile(ratios, 0.5)),
    ratio_p10: round(percentile(ratios, 0.1)),
    ratio_p90: round(percentile(ratios, 0.9)),
  };
}
