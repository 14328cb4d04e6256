import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, seededRandom, sourceInput } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";

const acme = scope("acme");

/** Paragraphs of 15 to 75 words, without headings. */
function paragraphs(seed: number, count = 100): string[] {
  const random = seededRandom(seed);
  const word = (): string =>
    Math.floor(random() * 2000)
      .toString(36)
      .padStart(3, "a");
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 15 + Math.floor(random() * 60) }, word);
    return `${words.map((text, at) => (at % 12 === 11 ? `${text}.` : text)).join(" ")}.`;
  });
}

describe("sync", () => {
  it("the edit of one paragraph in a section of 100 embeds at most 3 passages anew", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(99), fc.constantFrom("change", "insert", "delete"), async (seed, at, kind) => {
        const embedder = hashEmbedder();
        const index = memoryIndex({ embedder });
        const before = paragraphs(seed);
        await index.sync(acme, [sourceInput(before.join("\n\n"))]);
        embedder.reset();
        const [fresh] = paragraphs(seed + 1, 1);
        const after =
          kind === "change"
            ? before.with(at, fresh!)
            : before.toSpliced(at, kind === "delete" ? 1 : 0, ...(kind === "insert" ? [fresh!] : []));
        const report = await index.sync(acme, [sourceInput(after.join("\n\n"))]);
        expect(report.embedded).toBeLessThanOrEqual(3);
        expect(embedder.texts).toHaveLength(report.embedded);
      }),
      { numRuns: 25 },
    );
  });

  it("many small sources go to the embedder together", async () => {
    const embedder = hashEmbedder();
    const index = memoryIndex({ embedder });
    const inputs = Array.from({ length: 600 }, (_, at) => sourceInput({ id: `s${at}`, text: `number ${at}` }));
    const report = await index.sync(acme, inputs);
    expect(report).toMatchObject({ embedded: 600, failed: [] });
    expect(embedder.calls).toBeLessThan(60);
    expect(report.added).toEqual(inputs.map(({ id }) => id));
  });

  it("what was embedded before a failure is not embedded again", async () => {
    const embedder = hashEmbedder();
    const index = memoryIndex({ embedder, splitter: undefined });
    const text = paragraphs(1, 600).join("\n\n");
    embedder.breakWith({ kind: "fails", afterTexts: 130 });
    await expect(index.sync(acme, [sourceInput(text)])).rejects.toMatchObject({ code: "embedder-failed" });
    expect(embedder.texts).toHaveLength(128);
    embedder.breakWith(undefined);
    const report = await index.sync(acme, [sourceInput(text)]);
    expect(report.cached).toBe(128);
    expect(new Set(embedder.texts).size).toBe(embedder.texts.length);
  });

  it("a source named twice is taken in both times, the last one stays", async () => {
    const index = memoryIndex({ embedder: hashEmbedder() });
    const inputs = ["one", "two"].map((text) => sourceInput({ id: "s", text }));
    expect(await index.sync(acme, inputs)).toMatchObject({ added: ["s"], updated: ["s"] });
    const text = await index.in(acme).read((snapshot) => snapshot.sourceText("s"));
    expect(text?.text).toBe("two");
  });

  it("a splitter that breaks its promise fails its source alone", async () => {
    const splitter = {
      fingerprint: "liar@1",
      split: ({ source, text }: { source: { id: string }; text: string }) => [
        {
          id: "p" as never,
          source: source.id,
          ordinal: 0,
          span: [0, 3] as const,
          text: text.slice(1, 4),
          title: "",
          headings: [],
          line: 1,
          metadata: {},
        },
      ],
    };
    const index = memoryIndex({ splitter });
    const report = await index.sync(acme, [sourceInput("abcdef"), sourceInput({ id: "same", text: "aaaa" })]);
    expect(report.failed).toMatchObject([{ source: "s1", note: { message: expect.stringContaining("liar@1") } }]);
    expect(report.added).toEqual(["same"]);
  });
});

describe("what the embedder cannot see", () => {
  it("is noted once, by whoever notices", async () => {
    const longText = `${Array.from({ length: 30 }, (_, at) => `word${at}`).join(" ")}.`;
    const talking = hashEmbedder({ maxTokens: 20 });
    const mute = {
      ...talking,
      embedDocuments: async (texts: readonly string[]) => ({ ...(await talking.embedDocuments(texts)), notes: [] }),
    };
    for (const embedder of [talking, mute]) {
      const index = memoryIndex({ embedder, splitter: paragraphSplitter() });
      const { notes } = await index.sync(acme, [sourceInput(longText)]);
      expect(notes.map(({ code }) => code)).toEqual(["cut"]);
    }
  });

  it("does not come about with the default splitter, which cuts by the embedder's tokens", async () => {
    const embedder = hashEmbedder({ maxTokens: 20 });
    const { notes, passages } = await memoryIndex({ embedder }).sync(acme, [
      sourceInput(paragraphs(3, 4).join("\n\n")),
    ]);
    expect(notes).toEqual([]);
    expect(passages.added).toBeGreaterThan(4);
  });
});
