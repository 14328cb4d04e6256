import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beirTexts } from "./beir-texts.js";

const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join("\n");

describe("beirTexts", () => {
  let folder: string;
  const words = "the quick brown fox jumps over a lazy dog while seven wizards hold their breath in silence";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "clew-speed-"));
    await writeFile(
      join(folder, "corpus.jsonl"),
      lines([
        { _id: "a", title: "Fox", text: words },
        { _id: "b", title: "", text: words.toUpperCase() },
        { _id: "c", title: "Again", text: words },
      ]),
    );
    await writeFile(join(folder, "queries.jsonl"), lines([{ _id: "q", text: "Which fox?" }]));
    await writeFile(join(folder, "qrels.tsv"), "query-id\tcorpus-id\tscore\nq\ta\t1\n");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("repeats passages in other words until there are enough, no text twice", async () => {
    const options = { data: [folder], passages: 20, queries: 1, seed: 5 };
    const { passages, queries } = await beirTexts(options);
    expect(queries).toEqual(["Which fox?"]);
    expect(passages.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => `p${at}`));
    expect(new Set(passages.map(({ text }) => text)).size).toBe(20);
    expect(passages.every(({ title }) => title !== "")).toBe(true);
    expect(await beirTexts(options)).toEqual({ passages, queries });
  });

  it("says how many questions there are when they do not suffice", async () => {
    await expect(beirTexts({ data: [folder], passages: 2, queries: 9, seed: 5 })).rejects.toThrow(/hold 1 questions/);
  });
});
