import { describe, expect, it } from "vitest";
import type { Embedder } from "../search/embedder.js";

/** Options of {@link testEmbedder}. */
export interface TestEmbedderOptions {
  /** Makes the embedder; the suite closes it. */
  make: () => Embedder | Promise<Embedder>;
  /** Texts to embed, at least three and all different. @default three English sentences */
  texts?: readonly string[] | undefined;
  /** How far a vector may differ, in any dimension, when its text is embedded alone. @default 1e-4 */
  tolerance?: number | undefined;
  /** Milliseconds for one test. @default 30,000 */
  timeoutMs?: number | undefined;
}

const sentences = [
  "Leiden University was founded in 1575.",
  "Bread rises when yeast makes gas in the dough.",
  "When was the oldest university of Holland founded?",
];
const gone = new Error("the caller has gone");

/** The contract of an {@link Embedder}, as tests. */
export function testEmbedder({
  make,
  texts = sentences,
  tolerance = 1e-4,
  timeoutMs = 30_000,
}: TestEmbedderOptions): void {
  const using = async (work: (embedder: Embedder) => Promise<void>): Promise<void> => {
    const embedder = await make();
    try {
      await work(embedder);
    } finally {
      await embedder.close();
    }
  };
  const expectClose = (a: Float32Array, b: Float32Array): void => {
    expect(a.length).toBe(b.length);
    expect(Math.max(...a.map((value, index) => Math.abs(value - b[index]!)))).toBeLessThanOrEqual(tolerance);
  };
  const expectUnit = (vector: Float32Array, dimensions: number): void => {
    expect(vector).toBeInstanceOf(Float32Array);
    expect(vector.length).toBe(dimensions);
    expect(Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))).toBeCloseTo(1, 3);
  };

  describe("embedder contract", { timeout: timeoutMs }, () => {
    it("says what decides its vectors", () =>
      using(async ({ fingerprint }) => {
        expect(fingerprint.id).not.toBe("");
        expect(Number.isSafeInteger(fingerprint.dimensions) && fingerprint.dimensions > 0).toBe(true);
        expect(fingerprint.maxTokens).toBeGreaterThan(0);
        expect(JSON.parse(JSON.stringify(fingerprint))).toEqual(fingerprint);
        expect(fingerprint.normalised).toBe(true);
      }));

    it("gives one unit vector a text, in their order, duplicates included", () =>
      using(async (embedder) => {
        const { dimensions } = embedder.fingerprint;
        const asked = [...texts, texts[0]!];
        const { vectors, usage } = await embedder.embedDocuments(asked);
        expect(vectors).toHaveLength(asked.length);
        for (const vector of vectors) expectUnit(vector, dimensions);
        expectClose(vectors.at(-1)!, vectors[0]!);
        for (const [index, text] of texts.entries()) {
          expectClose((await embedder.embedDocuments([text])).vectors[0]!, vectors[index]!);
        }
        for (const spent of Object.values(usage)) expect(spent).toBeGreaterThanOrEqual(0);
        const query = await embedder.embedQuery(texts[0]!);
        expect(query.vectors).toHaveLength(1);
        expectUnit(query.vectors[0]!, dimensions);
      }));

    it("gives the same vectors for the same texts, and others for others", () =>
      using(async (embedder) => {
        const [first, second] = [await embedder.embedDocuments(texts), await embedder.embedDocuments(texts)];
        for (const [index, vector] of first.vectors.entries()) expectClose(second.vectors[index]!, vector);
        expect(first.vectors[0]).not.toEqual(first.vectors[1]);
      }));

    it("takes no text, the empty text, and texts far beyond its limit", () =>
      using(async (embedder) => {
        const { dimensions, maxTokens } = embedder.fingerprint;
        expect((await embedder.embedDocuments([])).vectors).toEqual([]);
        const { vectors, notes } = await embedder.embedDocuments(["", " ", "word ".repeat(maxTokens * 2)]);
        for (const vector of vectors) expectUnit(vector, dimensions);
        for (const { code } of notes) expect(code).toBe("cut");
        expectUnit((await embedder.embedQuery("")).vectors[0]!, dimensions);
      }));

    it("reports progress up to the number of texts", () =>
      using(async (embedder) => {
        const done: number[] = [];
        await embedder.embedDocuments(texts, { onProgress: (count) => done.push(count) });
        expect(done.at(-1)).toBe(texts.length);
        expect(done).toEqual([...done].sort((a, b) => a - b));
      }));

    it("counts tokens: none in the empty text, more in more text", () =>
      using(async (embedder) => {
        const count = await embedder.tokenCounter();
        expect(count("")).toBe(0);
        for (const text of texts) {
          expect(count(text)).toBeGreaterThan(0);
          expect(count(`${text} ${text} ${text}`)).toBeGreaterThan(count(text));
        }
      }));

    it("rejects with the reason of an aborted signal", () =>
      using(async (embedder) => {
        const signal = AbortSignal.abort(gone);
        await expect(embedder.embedDocuments(texts, { signal })).rejects.toBe(gone);
        await expect(embedder.embedQuery(texts[0]!, { signal })).rejects.toBe(gone);
      }));

    it("can be closed, once and again, and then says so", () =>
      using(async (embedder) => {
        await embedder.close();
        await embedder.close();
        await expect(embedder.embedQuery("x")).rejects.toMatchObject({ code: "closed" });
        await expect(embedder.embedDocuments(["x"])).rejects.toMatchObject({ code: "closed" });
      }));
  });
}
