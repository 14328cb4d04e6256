import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { verifyTraceFiles } from "clew";
import { expect, it, onTestFinished } from "vitest";
import { eventsOf, eventually, post } from "./serve-example.js";

const script = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const sample = fileURLToPath(new URL("../sample/wikipedia", import.meta.url));

/** Starts the example as a user does, over a copy of some of its documents. */
async function startMain(...words: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "clew-research-"));
  for (const name of ["otto-preminger.md", "rosebud-film.md", "fallen-angel-1945-film.md"]) {
    await cp(join(sample, name), join(folder, name));
  }
  const child = spawn(process.execPath, [script, folder, "--port", "0", ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });
  let printed = "";
  child.stdout.on("data", (piece) => {
    printed += piece;
  });
  await eventually(() => printed).toContain("Open http");
  return { child, folder, url: /Open (\S+)/.exec(printed)![1]! };
}

it.each(["SIGINT", "SIGTERM"] as const)("ends its streams and closes its index at %s", async (signal) => {
  const { child, url } = await startMain();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(await (await fetch(`${url}about`)).json()).toMatchObject({ documents: 3, examples: [] });
  const types: string[] = [];
  for await (const event of eventsOf(await post(url, { question: "Who directed the film Rosebud?" }))) {
    if (types.length === 0) child.kill(signal);
    types.push(event.type);
  }
  expect(types.at(-1)).toMatch(/^(?:stopped|done)$/);
  expect(await once(child, "exit")).toEqual([0, null]);
  await expect(fetch(`${url}health`)).rejects.toThrow();
});

it.each([
  [[], true],
  [["--no-record"], false],
])("with %j keeps the record of a report beside the documents: %s", async (words, isKept) => {
  const { url, folder } = await startMain(...words);
  const events: string[] = [];
  for await (const { type } of eventsOf(await post(url, { question: "Who directed the film Rosebud?" })))
    events.push(type);
  expect(events.at(-1)).toBe("done");
  expect((await readdir(folder)).includes(".clew-record")).toBe(isKept);
  if (!isKept) return;
  const kept = await verifyTraceFiles(join(folder, ".clew-record"));
  // of the report, and of each section
  expect(kept.length).toBeGreaterThan(1);
  for (const { check } of kept) expect(check.code).toBe("intact");
});

it("says that a port is taken", async () => {
  const { url } = await startMain();
  const failed = await promisify(execFile)(process.execPath, [script, "--port", new URL(url).port]).catch(
    (error) => error,
  );
  expect([failed.code, failed.stderr.trim()]).toEqual([1, expect.stringContaining("choose another with --port")]);
});

it.each([
  [["--wrong"], "--wrong"],
  [["a", "b"], "One folder at most"],
  [["--port", "http"], "--port must be a whole number"],
  [["--seconds", "0"], "--seconds must be a whole number"],
  [["--record", "r", "--no-record"], "Either --record or"],
  [["./nowhere"], "does not exist"],
  [["--web", "ftp://x"], "--web must be an address"],
  [["--model", "nothing"], "endpoint"],
])("says what is wrong with %j", async (words, said) => {
  const failed = await promisify(execFile)(process.execPath, [script, ...words]).catch((error) => error);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(said);
});

it("says how it is used", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--help"]);
  expect(stdout).toContain("Usage: npm start");
});
