import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBeir } from "./beir-dataset.js";
import { containsAnswer, normaliseAnswer } from "./contains-answer.js";
import { halves } from "./halves.js";
import { writeBeir } from "./write-beir.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-beir-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

describe("readBeir", () => {
  it("reads corpus, queries and judgements", async () => {
    await write({
      "corpus.jsonl": '{"_id":"d1","title":"T","text":"x"}\n{"_id":"d2","text":"y"}\n\n',
      "queries.jsonl": '{"_id":"q1","text":"why?","answer":"so"}\n',
      "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n",
    });
    const { corpus, queries, qrels } = await readBeir(folder);
    expect(corpus).toEqual([
      { id: "d1", title: "T", text: "x" },
      { id: "d2", title: "", text: "y" },
    ]);
    expect(queries[0]).toMatchObject({ id: "q1", text: "why?", answer: "so" });
    expect(qrels).toEqual(
      new Map([
        [
          "q1",
          new Map([
            ["d1", 2],
            ["d2", 0],
          ]),
        ],
      ]),
    );
  });

  it("names the file and line of what is broken or missing", async () => {
    await expect(readBeir(folder)).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("corpus.jsonl"),
    });
    await write({ "corpus.jsonl": '{"_id":"d1","text":"x"}\nnot json\n' });
    await expect(readBeir(folder)).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringContaining("line 2"),
    });
  });
});

describe("readBeir, on broken files", () => {
  const good = {
    "corpus.jsonl": '{"_id":"d1","text":"x"}\n',
    "queries.jsonl": '{"_id":"q1","text":"why?"}\n',
    "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
  };

  it.each([
    [{ "corpus.jsonl": '\n{"_id":"d1","text":"x"}\n\n[' }, /corpus\.jsonl, line 4: not JSON/],
    [{ "corpus.jsonl": '{"_id":1,"text":"x"}' }, /line 1: _id and text/],
    [{ "corpus.jsonl": '{"_id":"d1","text":"x"}\n{"_id":"d1","text":"y"}' }, /line 2: the id d1 is there twice/],
    [{ "queries.jsonl": '{"_id":"q1","text":"x"}\n{"_id":"q1","text":"y"}' }, /queries\.jsonl, line 2: the id q1/],
    [{ "qrels.tsv": "q1 d1 1\n" }, /qrels\.tsv, line 1: expected query-id/],
    [{ "qrels.tsv": "q1\td1\t\n" }, /line 1: expected/],
    [{ "qrels.tsv": "q1\td1\t1\t1\n" }, /line 1: expected/],
    [{ "qrels.tsv": "query-id\tcorpus-id\tscore\n\nq1\td1\t1\nq1\td1\t2\n" }, /line 4: document d1 is judged twice/],
  ])("%j", async (broken, message) => {
    await write({ ...good, ...broken } as Record<string, string>);
    await expect(readBeir(folder)).rejects.toMatchObject({
      code: "unreadable-source",
      message: expect.stringMatching(message),
    });
  });

  it("takes judgements without a header, refuses options it does not have, and stops when told", async () => {
    await write({ ...good, "qrels.tsv": "q1\td1\t3\r\n" });
    expect((await readBeir(folder)).qrels).toEqual(new Map([["q1", new Map([["d1", 3]])]]));
    await expect(readBeir(folder, { split: "dev" } as object)).rejects.toMatchObject({ code: "invalid-option" });
    await expect(readBeir(folder, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});

describe("writeBeir", () => {
  const dataset = {
    corpus: [
      { id: "d 1", title: "T\n", text: "x\u2028y" },
      ...Array.from({ length: 600 }, (_, index) => ({ id: `e${index}`, title: "", text: "z" })),
    ],
    queries: [{ id: "q1", text: "why?", answer: "so", fields: { _id: "q1", text: "why?", answer: "so", hops: 2 } }],
    qrels: new Map([
      [
        "q1",
        new Map([
          ["d 1", 2],
          ["e3", -1],
        ]),
      ],
    ]),
  };

  it("is read again as it was", async () => {
    const path = join(folder, "deep", "set");
    await writeBeir(path, dataset);
    expect(await readBeir(path)).toEqual({ name: "set", ...dataset });
    expect(await readdir(join(folder, "deep"))).toEqual(["set"]);
  });

  it("replaces nothing, and leaves nothing of what it could not finish", async () => {
    await mkdir(join(folder, "set"));
    await expect(writeBeir(join(folder, "set"), dataset)).rejects.toMatchObject({ code: "invalid-option" });
    const twice = { ...dataset, corpus: [dataset.corpus[0]!, dataset.corpus[0]!] };
    await expect(writeBeir(join(folder, "other"), twice)).rejects.toThrow(/distinct ids/);
    const tabbed = { ...dataset, qrels: new Map([["q\t1", new Map([["d", 1]])]]) };
    await expect(writeBeir(join(folder, "other"), tabbed)).rejects.toThrow(/tab or line break/);
    const signal = AbortSignal.abort();
    await expect(writeBeir(join(folder, "other"), dataset, { signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(await readdir(folder)).toEqual(["set"]);
  });
});

describe("halves", () => {
  it("have every question once, and depend on the seed alone", () => {
    const items = Array.from({ length: 7 }, (_, index) => index);
    const { first, second } = halves(items, 3);
    expect([first.length, second.length]).toEqual([4, 3]);
    expect([...first, ...second].toSorted()).toEqual(items);
    expect(halves(items, 3)).toEqual({ first, second });
    expect(halves(items, 4)).not.toEqual({ first, second });
  });
});

describe("containsAnswer", () => {
  it("normalises as SQuAD does and keeps to words", () => {
    expect(normaliseAnswer("The  Late-Late Show!")).toBe("latelate show");
    expect(containsAnswer("He hosted “the Late Late Show”, on RTÉ.", "The Late Late Show")).toBe(false); // curly quotes stay
    expect(containsAnswer('He hosted "the Late Late Show", on RTÉ.', "The Late Late Show")).toBe(true);
    expect(containsAnswer("a partial", "art")).toBe(false);
    expect(containsAnswer("anything", "the")).toBe(false);
  });
});
