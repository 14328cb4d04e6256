import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBeir } from "./beir-dataset.js";
import { containsAnswer, normaliseAnswer } from "./contains-answer.js";
import { shuffled } from "./shuffled.js";

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

describe("shuffled", () => {
  it("is a permutation that depends on the seed alone", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    expect(shuffled(items, 7)).toEqual(shuffled(items, 7));
    expect(shuffled(items, 7)).not.toEqual(shuffled(items, 8));
    expect(shuffled(items, 7).toSorted((a, b) => a - b)).toEqual(items);
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
