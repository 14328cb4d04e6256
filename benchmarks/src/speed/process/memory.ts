import { readFileSync } from "node:fs";

/** Memory of a process, in bytes. */
export interface Memory {
  /** Resident, without the pages of mapped files where the platform tells them apart (Linux); else all of it. */
  readonly resident: number;
  /** JavaScript's heap and what hangs on it outside; native libraries' own is not in it. */
  readonly javascript: number;
}

/** What this process holds now; run it with `--expose-gc`. */
export function memory(): Memory {
  // hands free pages back too, before and after alike
  globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: anonymous() ?? rss, javascript: heapUsed + external };
}

function anonymous(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
