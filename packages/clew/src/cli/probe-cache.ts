import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { contentHash } from "@clew/core/text";
import type { ProbeCache, ProbeReport } from "@clew/endpoints";
import type { Terminal } from "./terminal.js";

/** A model may be trained anew under its name: after a week it is probed again. */
const longestMs = 7 * 24 * 3_600_000;

/** Reports of probes, a file each in the user's cache folder. What cannot be read or is old counts as not there. */
export function probeCache({ environment, say }: Pick<Terminal, "environment" | "say">): ProbeCache {
  const folder = join(environment.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "clew", "probes");
  const fileOf = (key: string): string => join(folder, `${contentHash(key).slice(0, 24)}.json`);
  return {
    get: async (key) => {
      try {
        const report = JSON.parse(await readFile(fileOf(key), "utf8")) as ProbeReport;
        return report.version === 1 && Date.now() - report.at < longestMs ? report : undefined;
      } catch {
        return undefined; // it is probed, which says more than a broken file
      }
    },
    set: async (key, report) => {
      try {
        await mkdir(folder, { recursive: true });
        const draft = `${fileOf(key)}.${process.pid}`;
        await writeFile(draft, JSON.stringify(report));
        await rename(draft, fileOf(key));
      } catch (error) {
        say(`The probe's report could not be kept in ${folder}: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}
