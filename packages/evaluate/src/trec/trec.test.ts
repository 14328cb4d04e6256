import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MetricName } from "@clew/core/measure";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evaluateRun } from "../metrics/evaluate-run.js";
import { readTrecQrels, writeTrecQrels } from "./trec-qrels.js";
import { readTrecRun, writeTrecRun } from "./trec-run.js";

const fixtures = fileURLToPath(new URL("../../fixtures/trec", import.meta.url));
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-trec-"));
  path = join(folder, "a.run");
});
afterEach(() => rm(folder, { recursive: true }));

describe("trec_eval", () => {
  it("gives the same figure for every query and metric", async () => {
    const { run, tag } = await readTrecRun(join(fixtures, "sample.run"));
    const qrels = await readTrecQrels(join(fixtures, "sample.qrels"));
    const expected = JSON.parse(await readFile(join(fixtures, "expected.json"), "utf8"));
    const names = Object.keys(expected.q1) as MetricName[];
    const { perQuery, missing, unjudged } = evaluateRun(run, qrels, names);
    expect([tag, missing, unjudged, perQuery.size, names.length]).toEqual(["sample", ["q7"], ["q99"], 12, 17]);
    for (const [query, values] of perQuery) {
      for (const name of names)
        expect([query, name, values[name]]).toEqual([query, name, expect.closeTo(expected[query][name], 12)]);
    }
  });
});

describe("readTrecRun", () => {
  it("orders by score, then by id, both downwards, whatever the ranks and lines say", async () => {
    await writeFile(
      path,
      "\uFEFFq Q0 a 1 1.5 me\r\nq Q0 c 2 1.5 me\n\nq\tQ0  b 3   2e0 me\nq Q0 d 9 1.50000000001 me\n",
    );
    const { run, scores, tag } = await readTrecRun(path);
    // d is above 1.5 as a double, but the same as a 32-bit float
    expect([tag, run.get("q"), scores.get("q")]).toEqual(["me", ["b", "d", "c", "a"], [2, 1.50000000001, 1.5, 1.5]]);
  });

  it("compares ids byte by byte, as strcmp does", async () => {
    await writeFile(path, "q Q0 \u{1F600} 1 1 t\nq Q0 \uFF5E 2 1 t\n"); // by code unit the order would be the other
    expect((await readTrecRun(path)).run.get("q")).toEqual(["\u{1F600}", "\uFF5E"]);
  });

  it.each([
    ["q Q0 a 1 1.5", /a\.run, line 3: expected 6 columns .* found 5/],
    ["q Q0 a 1 1.5 t t", /found 7/],
    ["q Q0 a 1 nan t", /line 3: the score "nan"/],
    ["q Q0 a 1 0x10 t", /the score "0x10"/],
    ["q Q0 a 1 1e999 t", /the score "1e999"/],
    ["q Q0 a x 1 t", /the rank "x"/],
    ["q Q0 b 2 7 t", /line 3: query q has the document b twice/],
    ["q Q0 a 1 1 u", /line 3: the tag is "u", but the file began with "t"/],
  ])("refuses the line %s", async (line, message) => {
    await writeFile(path, `q Q0 b 1 1.5 t\n\n${line}\n`);
    await expect(readTrecRun(path)).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(message),
    });
  });

  it("names a file that is not there, reads an empty one, and stops when told", async () => {
    await expect(readTrecRun(path)).rejects.toMatchObject({ code: "not-found" });
    await writeFile(path, "");
    expect(await readTrecRun(path)).toEqual({ tag: "", run: new Map(), scores: new Map() });
    await expect(readTrecRun(path, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    await expect(readTrecRun(path, { sort: true } as object)).rejects.toMatchObject({ code: "invalid-option" });
  });
});

describe("writeTrecRun", () => {
  const anyId = fc.string({ minLength: 1, unit: "grapheme" }).filter((id) => !/\s|\uFEFF/.test(id));
  const anyRun = fc.dictionary(anyId, fc.uniqueArray(anyId, { minLength: 1 }), { noNullPrototype: true });

  it("keeps every order, tag and id", async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, anyId, async (rankings, tag) => {
        const run = new Map(Object.entries(rankings));
        await writeTrecRun(path, run, { tag });
        const read = await readTrecRun(path);
        expect(read.run).toEqual(run);
        if (run.size > 0) expect(read.tag).toBe(tag);
      }),
      { numRuns: 50 },
    );
  });

  it("writes the columns that others read", async () => {
    await writeTrecRun(path, new Map([["q1", ["b", "a"]]]), { tag: "mine" });
    expect(await readFile(path, "utf8")).toBe("q1 Q0 b 1 2 mine\nq1 Q0 a 2 1 mine\n");
  });

  it.each([
    [new Map([["q 1", ["a"]]]), "t"],
    [new Map([["q1", ["a b"]]]), "t"],
    [new Map([["q1", [""]]]), "t"],
    [new Map([["q1", ["a", "a"]]]), "t"],
    [new Map([["q1", ["a"]]]), "two words"],
  ])("refuses what the form cannot hold, and leaves what stood there", async (run, tag) => {
    await writeFile(path, "before");
    await expect(writeTrecRun(path, run, { tag })).rejects.toMatchObject({ code: "invalid-option" });
    expect([await readFile(path, "utf8"), await readdir(folder)]).toEqual(["before", ["a.run"]]);
  });
});

describe("judgements", () => {
  it("are written and read again", async () => {
    const qrels = new Map([
      [
        "q1",
        new Map([
          ["a", 2],
          ["b", -1],
          ["c", 0],
        ]),
      ],
    ]);
    await writeTrecQrels(path, qrels);
    expect(await readFile(path, "utf8")).toBe("q1 0 a 2\nq1 0 b -1\nq1 0 c 0\n");
    expect(await readTrecQrels(path)).toEqual(qrels);
    await expect(writeTrecQrels(path, new Map([["q", new Map([["a", 0.5]])]]))).rejects.toThrow(/whole grades/);
  });

  it.each([
    ["q 0 a", /line 2: expected 4 columns/],
    ["q 0 a 1.5", /not a whole number/],
    ["q 0 a one", /not a finite number/],
    ["q 0 b 1", /judged twice/],
  ])("refuse the line %s", async (line, message) => {
    await writeFile(path, `q 0 b 1\n${line}\n`);
    await expect(readTrecQrels(path)).rejects.toThrow(message);
  });
});
