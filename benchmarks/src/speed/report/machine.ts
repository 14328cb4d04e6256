import { execFile } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { promisify } from "node:util";

/** Where and on what a measurement was made. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly platform: string;
  readonly node: string;
  /** Of the project; with "+" when files differ from it. */
  readonly commit: string;
  /** Processes that wanted a core in the last minute, before the measurement. */
  readonly load: number;
}

const run = promisify(execFile);

/** Describes this machine. */
export async function machine(): Promise<Machine> {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    commit: await commit(),
    load: Number(loadavg()[0]!.toFixed(1)),
  };
}

async function commit(): Promise<string> {
  const cwd = new URL(".", import.meta.url);
  try {
    const { stdout: hash } = await run("git", ["rev-parse", "--short", "HEAD"], { cwd });
    const { stdout: changes } = await run("git", ["status", "--porcelain"], { cwd });
    return hash.trim() + (changes.trim() === "" ? "" : "+");
  } catch {
    return "unknown"; // a copy without its history
  }
}
