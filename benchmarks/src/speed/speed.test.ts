import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const command = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

it("measures clew from texts to report, and finds the exact neighbours", { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-speed-"));
  try {
    const out = join(folder, "speed.json");
    const options = "--systems clew-lexical,clew --passages 300 --queries 6 --rounds 2 --k 5".split(" ");
    await promisify(execFile)(process.execPath, [command, "speed", ...options, "--out", out, "--plots", folder]);
    const { systems, sizes } = JSON.parse(await readFile(out, "utf8"));
    const { legs, build, failed } = sizes[300];
    expect(failed).toEqual({});
    expect(Object.keys(systems)).toEqual(["clew-lexical", "clew"]);
    expect(Object.keys(build)).toEqual(["clew-lexical", "clew"]);
    expect(legs.lexical["clew-lexical"]).toMatchObject({ queries: 6 });
    expect(legs.dense.clew).toMatchObject({ queries: 6, overlap: 1 });
    expect(legs.hybrid.clew.ms_p95).toBeGreaterThan(0);
    expect(legs["hybrid + embedding"].clew.queries).toBe(6);
    // a leg of one system needs no picture
    expect(await readdir(folder)).toEqual(["speed.json"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("names the systems there are when asked for another", async () => {
  const wrong = promisify(execFile)(process.execPath, [command, "speed", "--systems", "elastic"]);
  await expect(wrong).rejects.toThrow(/clew-lexical, clew, minisearch/);
});
