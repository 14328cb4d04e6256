import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { scope, type TraceStore, verifyTrace } from "@clew/core";
import { fixedRuntime, testTraceStore } from "@clew/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { fileTraces } from "./file-traces.js";
import { asker, aTrace } from "./test/a-trace.mjs";
import { nameOf } from "./trace-files.js";
import { verifyTraceFiles } from "./verify-trace-files.js";
import { leaving, unfinished } from "./write-whole.js";

const folders: string[] = [];
const freshFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "clew-record-"));
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const writer = fileURLToPath(new URL("./test/writer.mjs", import.meta.url));
const run = promisify(execFile);
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const bytesIn = async (folder: string): Promise<string> =>
  (await Promise.all((await filesIn(folder)).map((path) => readFile(path, "latin1")))).join("\n");
const runsOf = async (store: TraceStore): Promise<string[]> => {
  const runs: string[] = [];
  for await (const one of store.list(asker)) runs.push(one);
  return runs;
};
const code = (value: string) => expect.objectContaining({ code: value });

describe("fileTraces", () => {
  testTraceStore({ open: async () => fileTraces(await freshFolder(), { runtime: fixedRuntime() }) });

  it("lists by the last line of each chain, and reads one trace by its own files alone", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    // the longer run id makes a closing line that is longer than what is read at first
    for (const id of ["r1", `r2-${"x".repeat(9000)}`, "r3"]) await store.write(asker, aTrace(id));
    const kept = await store.read(asker, "r1");
    const own = (await filesIn(dir)).find((path) => path.endsWith(".jsonl") && path.includes(nameOf("r1")))!;
    for (const path of await filesIn(dir)) {
      if (path.startsWith(own.slice(0, -".jsonl".length))) continue;
      const bytes = await readFile(path);
      const end = path.endsWith(".jsonl") ? bytes.lastIndexOf(0x0a, bytes.length - 2) : bytes.length;
      await writeFile(path, bytes.fill("?", 0, end));
    }
    expect((await runsOf(store)).map((id) => id.slice(0, 2)).sort()).toEqual(["r1", "r2", "r3"]);
    expect(await store.read(asker, "r1")).toEqual(kept);
    await expect(store.read(asker, "r3")).rejects.toThrow(code("trace-damaged"));
    await writeFile(own, (await readFile(own)).subarray(0, -1));
    await expect(runsOf(store)).rejects.toThrow(code("trace-damaged"));
  });

  it("keeps files under hashed names in its folder, for their owner alone; another process reads them", async () => {
    const dir = await freshFolder();
    const trace = aTrace("../../escape");
    await fileTraces(dir).write(scope("../acme"), trace);
    await fileTraces(dir).feedback(scope("../acme"), trace.run, {
      verdict: "right",
      correction: "x",
      consent: "record",
    });
    const files = await filesIn(dir);
    expect(files).toHaveLength(3);
    for (const path of files) {
      expect(path.slice(dir.length)).toMatch(
        /^(\/[0-9a-f]{32}){3}\.(jsonl|[0-9a-f]{16}\.texts\.json|feedback-000000\.json)$/,
      );
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
    expect(await fileTraces(dir).read(scope("../acme"), trace.run)).toEqual(trace);
    const chain = files.find((path) => path.endsWith(".jsonl"))!;
    expect(await readFile(chain, "utf8")).not.toContain("secret");
  });

  it("leaves no byte of an erased text in any file, nor of one that a killed process left behind", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    const trace = aTrace("r1");
    await store.write(asker, trace);
    await store.write(asker, aTrace("r2"));
    await store.feedback(asker, "r1", { verdict: "wrong", correction: "The secret was told.", consent: "record" });
    const [chain, texts] = ["jsonl", "texts.json"].map((end) => (path: string) => path.endsWith(end)) as [never, never];
    const held = (await filesIn(dir)).find(texts)!;
    for (const end of [unfinished, leaving]) await writeFile(`${held}.left${end}`, "The secret of a broken run");
    expect(await bytesIn(dir)).toContain("The secret of r1");
    expect(await store.erase(asker, { source: "s1", passages: [] })).toMatchObject([
      { removed: { traces: 2, corrections: 1 }, notes: [] },
    ]);
    expect(await bytesIn(dir)).not.toMatch(/secret|Nobody/);
    expect(await bytesIn(dir)).toContain("Who? (r1)");
    const files = await filesIn(dir);
    expect(
      files.filter((path) => path.endsWith(unfinished) || path.endsWith(leaving) || path.endsWith("lock")),
    ).toEqual([]);
    expect(files.filter(chain)).toHaveLength(2);
    for (const { check } of await verifyTraceFiles(dir)) expect(check.code).toBe("intact");
  });

  it("names a file that it cannot read, and erases from the others", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    for (const one of ["r1", "r2"]) await store.write(asker, aTrace(one));
    const [first] = (await filesIn(dir)).filter((path) => path.endsWith("texts.json"));
    await writeFile(first!, "{");
    const [place] = await store.erase(asker, { source: "s1", passages: [] });
    expect(place).toMatchObject({ removed: { traces: 1 }, notes: [{ code: "x-trace-damaged" }] });
  });

  it("killed at any moment, a writer leaves whole traces, and each that it said was written", async () => {
    const dir = await freshFolder();
    const said: string[] = [];
    for (let turn = 0; turn < 12; turn++) {
      const child = spawn(process.execPath, [writer, dir, `turn${turn}`], { stdio: ["ignore", "pipe", "inherit"] });
      let out = "";
      let seen = 0;
      await new Promise<void>((resolve) => {
        child.stdout.on("data", (data: Buffer) => {
          out += data.toString();
          seen += 1;
          // after the first line the writer is in the midst of its work
          if (seen === 1) setTimeout(() => child.kill("SIGKILL"), 3 + turn * 4);
        });
        child.on("close", () => resolve());
      });
      said.push(...out.split("\n").slice(0, -1));
    }
    const store = fileTraces(dir);
    const runs = await runsOf(store);
    expect(said.length).toBeGreaterThanOrEqual(12);
    expect(runs).toEqual(expect.arrayContaining(said));
    for (const one of runs) {
      expect(verifyTrace((await store.read(asker, one))!)).toMatchObject({ code: "intact", run: one, erased: 0 });
    }
    await store.erase(asker, { source: "s1", passages: [] });
    expect(await bytesIn(dir)).not.toContain("secret");
    for (const { check } of await verifyTraceFiles(dir)) expect(check.code).toBe("intact");
  });

  it("killed while it erases, it is finished by the next erasure, and every chain still verifies", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    for (let turn = 0; turn < 6; turn++) {
      for (let index = 0; index < 20; index++) await store.write(asker, aTrace(`${turn} ${index}`, 2000));
      const child = spawn(process.execPath, [writer, dir, "eraser", "1", "erase"], { stdio: "ignore" });
      const ended = new Promise((resolve) => child.on("close", resolve));
      // once the first file is being rewritten
      for (let looks = 0; looks < 400; looks++) {
        if ((await filesIn(dir)).some((path) => path.endsWith(leaving) || path.endsWith("lock"))) break;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      child.kill("SIGKILL");
      await ended;
      for (const { check } of await verifyTraceFiles(dir)) expect(check.code).toBe("intact");
    }
    await store.erase(asker, { source: "s1", passages: [] });
    expect(await bytesIn(dir)).not.toContain("secret");
    expect(await runsOf(store)).toHaveLength(120);
  });

  it("forgetting a run leaves no byte of its texts, and all of another's", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    await store.write(asker, aTrace("one", 10));
    expect(await bytesIn(dir)).toContain("secret");
    await store.forget(asker, "one");
    expect(await bytesIn(dir)).not.toContain("secret");
    const other = aTrace("two", 10);
    await store.write(asker, other);
    await store.forget(asker, "three");
    expect(await store.read(asker, "two")).toEqual(other);
  });

  it("a lock of a process that died before it wrote its name is taken over", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    await store.write(asker, aTrace("run", 10));
    const chain = (await filesIn(dir)).find((path) => path.endsWith(".jsonl"))!;
    const lock = join(dirname(dirname(chain)), "erasing.lock");
    await writeFile(lock, "");
    await utimes(lock, 1, 1);
    await store.erase(asker, { source: "s1", passages: [] });
    expect(await bytesIn(dir)).not.toContain("secret");
    expect(await filesIn(dir)).not.toContain(lock);
  });

  it("two processes write at once: of one run the first wins whole, and no feedback is lost", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    const outs = await Promise.all(
      ["one", "two"].map((name) => run(process.execPath, [writer, dir, name, "30", "same"])),
    );
    const lost = outs.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line.startsWith("{")));
    expect(lost).toHaveLength(30);
    for (const line of lost) expect(JSON.parse(line)).toMatchObject({ code: "invalid-option" });
    expect(await runsOf(store)).toHaveLength(30);
    for (const { check } of await verifyTraceFiles(dir)) expect(check).toMatchObject({ code: "intact", erased: 0 });
    expect((await filesIn(dir)).length).toBe(60);
    await store.write(asker, aTrace("shared"));
    await Promise.all(["one", "two"].map((name) => run(process.execPath, [writer, dir, name, "15", "feedback"])));
    const feedback = await store.feedbackOf(asker, "shared");
    expect(new Set(feedback.map(({ correction }) => correction)).size).toBe(30);
  });

  it("a disk that takes no more: storage-failed, and what was kept stays", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    await store.write(asker, aTrace("before"));
    // files of at most one block: the system refuses the rest, as a full disk does
    const { stdout } = await run("sh", [
      "-c",
      `ulimit -f 1; exec "$0" "$@"`,
      process.execPath,
      writer,
      dir,
      "late",
      "2",
    ]);
    const failed = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(failed).toMatchObject([{ code: "storage-failed", cause: "EFBIG" }, { code: "storage-failed" }]);
    expect(stdout).not.toContain("secret");
    expect(await runsOf(store)).toEqual(["before"]);
    expect((await filesIn(dir)).filter((path) => path.endsWith(unfinished))).toEqual([]);
    expect((await verifyTraceFiles(dir)).map(({ check }) => check.code)).toEqual(["intact"]);
  });

  it("refuses a folder that is none, and says what the file system said", async () => {
    expect(() => fileTraces("")).toThrow(code("invalid-option"));
    expect(() => fileTraces("x", { root: 1 } as never)).toThrow(code("invalid-option"));
    const file = join(await freshFolder(), "file");
    await writeFile(file, "");
    await expect(fileTraces(file).write(asker, aTrace("r1"))).rejects.toThrow(code("storage-failed"));
  });
});

describe("verifyTraceFiles", () => {
  it("checks chain, texts and feedback of a file, and all of a folder", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    for (const one of ["r1", "r2"]) await store.write(asker, aTrace(one));
    await store.feedback(asker, "r1", { verdict: "right", correction: "So it is.", consent: "training" });
    const all = await verifyTraceFiles(dir);
    expect(all.map(({ check, feedback }) => [check.code, feedback]).sort()).toEqual([
      ["intact", 0],
      ["intact", 1],
    ]);
    const said = all.find(({ feedback }) => feedback === 1)!;
    const root = said.check.code === "intact" ? said.check.root : "";
    expect(await verifyTraceFiles(said.path, { root })).toEqual([said]);
    expect((await verifyTraceFiles(said.path, { root: "0".repeat(64) }))[0]!.check).toMatchObject({
      what: "root-differs",
    });
    await expect(verifyTraceFiles(dir, { root })).rejects.toThrow(code("invalid-option"));
    await expect(verifyTraceFiles(join(dir, "none"))).rejects.toThrow(code("not-found"));
  });

  it("finds any byte of any file that is another", async () => {
    const dir = await freshFolder();
    const store = fileTraces(dir);
    await store.write(asker, aTrace("r1", 1));
    await store.feedback(asker, "r1", { verdict: "right", correction: "So it is.", consent: "training" });
    for (const path of await filesIn(dir)) {
      const bytes = await readFile(path);
      for (let at = 0; at < bytes.length; at += 7) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1 << (at % 8);
        await writeFile(path, changed);
        const [found] = await verifyTraceFiles(dir);
        expect(found!.check.code, `${path} ${at}`).toBe("damaged");
      }
      await writeFile(path, bytes);
    }
    expect((await verifyTraceFiles(dir))[0]!.check.code).toBe("intact");
  });
});
