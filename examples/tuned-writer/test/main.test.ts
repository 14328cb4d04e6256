import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import * as servers from "./servers.js";

const script = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const run = async (...words: string[]) => {
  const done = await promisify(execFile)(process.execPath, [script, ...words]).catch((error) => error);
  return { code: done.code ?? 0, out: done.stdout as string, err: done.stderr as string };
};

it("answers by the adapter, with a verified quote, and the base decides", async () => {
  const { code, out } = await run();
  expect(code).toBe(0);
  expect(out).toContain("“Soles are replaced for 45 euros, in the workshop in Arnhem.”");
  expect(out).toContain("writer: vllm:quote-writer");
  expect(out).toContain("planner: vllm:base-model");
  expect(out).not.toContain("Notes");
});

it.each([
  [["--wrong"], "--wrong"],
  [["one"], "Usage: npm start"],
  [["a", "b", "c"], "Usage: npm start"],
  [["./nowhere", "Who?"], "does not exist"],
])("says what is wrong with %j", async (words, said) => {
  const { code, err } = await run(...words);
  expect(code).toBe(1);
  expect(err).toContain(said);
});

it("stops at Ctrl-C", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-tuned-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (let at = 0; at < 2000; at++)
    await writeFile(join(folder, `${at}.md`), `# Note ${at}\n\nA sole costs ${at} euros.\n`);
  const child = spawn(process.execPath, [script, folder, "What does a sole cost?"]);
  let err = "";
  child.stderr.on("data", (piece) => {
    err += piece;
  });
  await once(child.stdout, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect([code, err.trim()]).toEqual([130, "Interrupted."]);
});

it("is shown in its README for each server as it compiles and runs", async () => {
  const read = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");
  const lines = (await read("./servers.ts")).split("\n").map((line) => line.trim());
  const blocks = [...(await read("../README.md")).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block!);
  expect(blocks.length).toBe(5);
  for (const line of blocks.join("\n").split("\n")) expect(lines).toContain(line.trim());
  for (const name of ["AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"]) process.env[name] ??= "none";
  expect(Object.values(servers).map((make) => [make().base.endpoint.kind, make().tuned.endpoint.model])).toEqual([
    ["vllm", "quote-writer"],
    ["tgi", "quote-writer"],
    ["sagemaker", "quote-writer"],
    ["azure", "quote-writer"],
    ["openai", "ft:gpt-4.1-mini-2025-04-14:acme::x1"],
  ]);
});
