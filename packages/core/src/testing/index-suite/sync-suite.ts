import { describe, expect, it } from "vitest";
import type { SyncProgress } from "../../index/sync.js";
import { note } from "../../run/note.js";
import type { SplitOptions, Splitter } from "../../source/splitter.js";
import { aCall } from "../a-call.js";
import { hashEmbedder } from "../hash-embedder.js";
import { paragraphSplitter } from "../paragraph-splitter.js";
import { sourceInput, sourceInputs } from "../source-input.js";
import { acme, counted, everyPassage, type IndexBench, idsOf, look, searchLeg, sourcesOf } from "./index-bench.js";

const paragraphs = (count: number): string[] => Array.from({ length: count }, (_, at) => `Paragraph number ${at}.`);
const joined = (parts: readonly string[]): string => parts.join("\n\n");

/** What a sync takes in, keeps, and reports. */
export function syncSuite({ fresh, holding, options }: IndexBench): void {
  describe("sync", () => {
    it("takes sources in, and reads none of them again while their versions are equal", async () => {
      const { index, embedder } = await fresh();
      const { inputs, reads } = counted(sourceInputs(["red fox\n\nblue dog", "green hen"]));
      const first = await index.sync(acme, inputs);
      expect(first).toMatchObject({ added: ["s1", "s2"], updated: [], unchanged: 0, removed: [], failed: [] });
      expect(first).toMatchObject({ passages: { added: 3, removed: 0, kept: 0 }, embedded: 3, cached: 0, tokens: 6 });
      embedder.reset();
      const second = await index.sync(acme, inputs);
      expect(second).toMatchObject({ added: [], updated: [], unchanged: 2, removed: [], failed: [], embedded: 0 });
      expect(second.passages).toMatchObject({ added: 0, removed: 0 });
      expect(reads).toEqual(["s1", "s2"]);
      expect(embedder.texts).toEqual([]);
      expect(await look(index, async ({ generation }) => generation)).toBe(second.generation);
    });

    it("takes async iterables, and nothing at all", async () => {
      const { index } = await fresh();
      const report = await index.sync(
        acme,
        (async function* () {
          yield* sourceInputs(["one", "two"]);
        })(),
      );
      expect(report.added).toEqual(["s1", "s2"]);
      expect(await index.sync(acme, [])).toMatchObject({ added: [], removed: [], unchanged: 0 });
      expect(await index.sources(acme)).toHaveLength(2);
    });

    it("D1: re-indexing 250 unchanged passages of one source adds 0, deletes 0, embeds 0", async () => {
      const { index, embedder } = await fresh();
      const text = joined(paragraphs(250));
      await index.sync(acme, [sourceInput({ text, version: "v1" })]);
      const before = await everyPassage(index);
      expect(before).toHaveLength(250);
      embedder.reset();
      const report = await index.sync(acme, [sourceInput({ text, version: "v2" })]);
      expect(report).toMatchObject({ updated: ["s1"], passages: { added: 0, removed: 0, kept: 250 }, embedded: 0 });
      expect(embedder.texts).toEqual([]);
      expect(await everyPassage(index)).toEqual(before);
    });

    it("embeds an edited paragraph alone", async () => {
      const { index, embedder } = await holding([joined(paragraphs(100))]);
      embedder.reset();
      const report = await index.sync(acme, [sourceInput(joined(paragraphs(100).with(50, "Something new.")))]);
      expect(report).toMatchObject({ updated: ["s1"], passages: { added: 1, removed: 1, kept: 99 }, embedded: 1 });
      expect(embedder.texts).toEqual(["Something new."]);
      expect(await searchLeg(index, "lexical", "new")).toHaveLength(1);
      expect(await everyPassage(index)).toHaveLength(100);
    });

    it("keeps the ids of text that moves, with its new place", async () => {
      const { index } = await holding([joined(paragraphs(5))]);
      const before = await everyPassage(index);
      const report = await index.sync(acme, [sourceInput(joined(["A new beginning.", ...paragraphs(5).reverse()]))]);
      expect(report).toMatchObject({ passages: { added: 1, removed: 0, kept: 5 }, embedded: 1 });
      const after = await everyPassage(index);
      expect(after).toEqual(expect.arrayContaining(before));
      await look(index, async (snapshot) => {
        const source = await snapshot.sourceText("s1");
        for (const passage of await snapshot.passages(after)) {
          expect(source?.text.slice(...passage!.span)).toBe(passage!.text);
        }
      });
    });

    it("embeds equal texts once, and keeps them apart", async () => {
      const { index, embedder } = await holding(["same\n\nsame", "same"]);
      expect(embedder.texts).toEqual(["same"]);
      const hits = await searchLeg(index, "lexical", "same");
      expect(sourcesOf(hits).sort()).toEqual(["s1", "s1", "s2"]);
      expect(new Set(idsOf(hits)).size).toBe(3);
      expect(new Set(hits.map(({ score }) => score)).size).toBe(1);
    });

    it("takes a text in that holds no passage", async () => {
      const { index } = await holding(["", "red fox"]);
      expect((await index.sources(acme)).map(({ id, passages }) => [id, passages])).toEqual([
        ["s1", 0],
        ["s2", 1],
      ]);
      expect(await index.sync(acme, sourceInputs(["", "red fox"]))).toMatchObject({ unchanged: 2 });
    });

    it("reports progress up to the end", async () => {
      const { index } = await fresh();
      const seen: SyncProgress[] = [];
      await index.sync(acme, sourceInputs(["one", "two", "three"]), { onProgress: (progress) => seen.push(progress) });
      expect(seen.at(-1)).toMatchObject({ phase: "done", sourcesDone: 3, sourcesSeen: 3, embedded: 3 });
      const done = seen.map(({ sourcesDone }) => sourcesDone);
      expect(done).toEqual([...done].sort((a, b) => a - b));
    });

    it("hands on what reading and embedding noted and cost, in a sync and in a search", async () => {
      const embedder = hashEmbedder({ maxTokens: 2, usdPerMillionTokens: 1e6 });
      const { index } = await fresh({ embedder });
      const input = sourceInput("one two three");
      const guessed = { code: "guessed", message: "The encoding was guessed." } as const;
      const read = async (): ReturnType<typeof input.read> => ({ ...(await input.read({})), notes: [guessed] });
      const report = await index.sync(acme, [{ ...input, read }]);
      expect(report.notes).toEqual(expect.arrayContaining([guessed, expect.objectContaining({ code: "cut" })]));
      expect(report).toMatchObject({ tokens: 3, usage: { inputTokens: 2, usd: 2 } });
      await look(index, async (snapshot) => {
        const { query, usage, notes } = await snapshot.embed("one two three four");
        expect(usage).toMatchObject({ inputTokens: 2, calls: 1, usd: 2 });
        expect(notes.map(({ code }) => code)).toEqual(["cut"]);
        expect((await snapshot.dense(query, { k: 1 })).usage.usd).toBe(0);
        expect((await snapshot.dense({ text: "one" }, { k: 1 })).usage.usd).toBe(1);
        expect((await snapshot.lexical({ text: "one" }, { k: 1 })).usage.usd).toBe(0);
      });
    });

    it("a dry run says what it would do, and does none of it", async () => {
      const { index, embedder } = await holding(["red fox", "blue dog"]);
      embedder.reset();
      const { generation } = await index.sync(acme, []);
      const inputs = sourceInputs(["red fox\n\ngreen hen two", { id: "s3", text: "white cat" }]);
      const report = await index.sync(acme, inputs, { dryRun: true, removeMissing: true });
      expect(report).toMatchObject({ added: ["s3"], updated: ["s1"], removed: ["s2"], embedded: 2, tokens: 5 });
      expect(report.passages).toEqual({ added: 2, removed: 1, kept: 1 });
      expect(report.generation).toBe(generation);
      expect(embedder.texts).toEqual([]);
      expect((await index.sources(acme)).map(({ id }) => id)).toEqual(["s1", "s2"]);
      expect(await searchLeg(index, "lexical", "hen cat")).toEqual([]);
    });

    it("hands a splitter what it needs, and reports what it noted and spent", async () => {
      const given: SplitOptions[] = [];
      const cut = paragraphSplitter();
      const splitter: Splitter = {
        fingerprint: "telling@1",
        split: (text, handed = {}) => {
          given.push(handed);
          handed.onNote?.(note("context-missing", `${text.source.id} went without.`));
          if (handed.dryRun !== true) handed.onUsage?.({ inputTokens: 3, outputTokens: 1, calls: 1, usd: 0.5 });
          return cut.split(text);
        },
      };
      const { index } = await fresh({ splitter });
      const call = aCall();
      const { signal } = new AbortController();
      const dry = await index.sync(acme, sourceInputs(["one"]), { dryRun: true });
      expect(dry.usage.usd).toBe(0);
      const report = await index.sync(acme, sourceInputs(["one", "two"]), { call, signal });
      expect(given.map(({ tenant, dryRun }) => [tenant, dryRun])).toEqual([
        ["acme", true],
        ["acme", false],
        ["acme", false],
      ]);
      expect(given.slice(1).map((handed) => [handed.call === call, handed.signal !== undefined])).toEqual([
        [true, true],
        [true, true],
      ]);
      expect(report.notes).toMatchObject([{ message: "s1 went without." }, { message: "s2 went without." }]);
      expect(report.usage.usd).toBe(1);
    });

    it("lets two syncs at once both arrive", async () => {
      const { index } = await fresh();
      await Promise.all([
        index.sync(acme, [sourceInput({ id: "a", text: "red fox" })]),
        index.sync(acme, [sourceInput({ id: "b", text: "red dog" })]),
      ]);
      expect(sourcesOf(await searchLeg(index, "lexical", "red")).sort()).toEqual(["a", "b"]);
    });

    const { reopen } = options;
    if (reopen === undefined) return;
    it("survives being closed and opened again", async () => {
      const opened = await holding([
        { text: "red fox", title: "Fox", metadata: { year: 2023 }, access: ["amy"] },
        "dog",
      ]);
      const before = await opened.index.sources(acme);
      const dog = await searchLeg(opened.index, "dense", "dog");
      opened.embedder.reset();
      const index = await reopen(opened.index, opened.setup);
      try {
        expect(await index.sources(acme)).toEqual(before);
        expect(await searchLeg(index, "dense", "dog")).toEqual(dog);
        const inputs = [{ text: "red fox", title: "Fox", metadata: { year: 2023 }, access: ["amy"] }, "dog"];
        expect(await index.sync(acme, sourceInputs(inputs))).toMatchObject({ unchanged: 2, embedded: 0 });
        expect(opened.embedder.texts).toEqual([]);
      } finally {
        await index.close();
      }
    });
  });
}
