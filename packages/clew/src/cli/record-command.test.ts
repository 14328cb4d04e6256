import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./run-command.js";
import { processTerminal } from "./terminal.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-verify-"));
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs", "crete.md"), "# Crete\n\nThe labyrinth was built by Daedalus.\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function clew(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(words, {
    ...processTerminal(new AbortController().signal),
    environment: {},
    print: (text) => void out.push(text),
    say: (text) => void err.push(text),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const records = (): string => join(folder, "records");
const ask = (...more: string[]) =>
  clew("ask", join(folder, "docs"), "Who built the labyrinth?", "--embedder", "none", "--record", records(), ...more);
const files = async (): Promise<string[]> =>
  (await readdir(records(), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

describe("clew ask --record and clew verify", () => {
  it("keeps the record of each run, and finds it intact", async () => {
    const first = JSON.parse((await ask("--json")).out);
    const second = await ask();
    expect(second.err).toMatch(/Root: [0-9a-f]{64}/);
    const chains = (await files()).filter((path) => path.endsWith(".jsonl"));
    expect(chains).toHaveLength(2);
    const all = await clew("verify", records());
    expect([all.code, all.err]).toEqual([0, ""]);
    expect(all.out).toMatch(/intact\. \d+ lines, \d+ texts\. Root [0-9a-f]{64}\n/);
    expect(all.out).toContain("2 traces, 0 damaged.");
    const { out } = await clew("verify", records(), "--json");
    const checks = JSON.parse(out).map(({ check }: { check: unknown }) => check);
    expect(checks).toContainEqual(expect.objectContaining({ code: "intact", ...first.record }));
  });

  it("names line and reason of a damaged record, with exit code 1", async () => {
    await ask();
    const chain = (await files()).find((path) => path.endsWith(".jsonl"))!;
    const text = await readFile(chain, "utf8");
    const root = JSON.parse(text.trimEnd().split("\n").at(-1)!).hash as string;
    expect((await clew("verify", chain, "--root", root)).code).toBe(0);
    expect((await clew("verify", chain, "--root", "0".repeat(64))).out).toContain("root-differs");
    await writeFile(chain, text.replace('"kind":"hits"', '"kind":"hats"'));
    const found = await clew("verify", chain);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/damaged \(altered\)\. Line \d+ is not what was hashed/);
    await writeFile(chain, text.split("\n").slice(0, -2).join("\n"));
    const cut = await clew("verify", records(), "--json");
    expect([cut.code, JSON.parse(cut.out)[0].check.what]).toEqual([1, "truncated"]);
    expect((await clew("verify", join(folder, "none"))).code).not.toBe(0);
    expect((await clew("verify", join(folder, "docs"))).err).toContain("There is no trace at");
  });
});

describe("clew replay", () => {
  it("prints what clew ask had printed, when documents and index are gone", async () => {
    const asked = await ask("--json");
    const chain = (await files()).find((path) => path.endsWith(".jsonl"))!;
    await rm(join(folder, "docs"), { recursive: true });
    const again = await clew("replay", chain, "--json");
    const { record: _, ...answer } = JSON.parse(asked.out);
    expect([again.code, JSON.parse(again.out), again.err]).toEqual([asked.code, answer, ""]);
    expect((await clew("replay", chain)).out).toContain("built by Daedalus");
  });

  it("says what is wrong with a record that is damaged, erased or not there", async () => {
    await ask();
    const chain = (await files()).find((path) => path.endsWith(".jsonl"))!;
    const texts = (await files()).find((path) => path.endsWith(".texts.json"))!;
    await rm(texts);
    expect((await clew("replay", chain)).err).toContain("erased");
    await writeFile(chain, (await readFile(chain, "utf8")).replace('"kind":"hits"', '"kind":"hats"'));
    expect((await clew("replay", chain)).code).toBe(1);
    expect((await clew("replay", join(folder, "none"))).err).toContain("There is no trace at");
  });
});
