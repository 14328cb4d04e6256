// the worker is loaded from the build: tests of what runs in it import the package by its name
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testEmbedder } from "@clew/core/testing";
import { miniLM } from "@clew/local";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";

const embedder = miniLM();
afterAll(() => embedder.close());

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
const query = async (text: string): Promise<Float32Array> => (await embedder.embedQuery(text)).vectors[0]!;

/** Runs a script with the package in scope, as a program of its own. */
const runScript = (script: string) =>
  promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", `import { miniLM } from "@clew/local";\n${script}`],
    {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
    },
  );

describe("miniLM", () => {
  testEmbedder({ make: () => miniLM(), tolerance: 0 });

  it("says all that decides a vector", () => {
    expect(embedder.fingerprint).toEqual({
      id: "sentence-transformers/all-MiniLM-L6-v2@int8-8199be6f",
      dimensions: 384,
      pooling: "mean",
      normalised: true,
      queryPrefix: "",
      documentPrefix: "",
      maxTokens: 256,
    });
    expect(embedder.languages).toEqual(["en"]);
  });

  it("gives the vector that the same weights give in another runtime", async () => {
    // Python, onnxruntime 1.31.1 and tokenizers, the same sentence: the first four numbers
    const vector = await query("A clew is the ball of thread that leads through a labyrinth.");
    for (const [index, value] of [0.033108, -0.000413, 0.025054, -0.082064].entries())
      expect(vector[index]).toBeCloseTo(value, 4);
  });

  it("gives close vectors to texts that mean the same", async () => {
    const [cat, kitten, bank] = await Promise.all([
      query("A cat sits on the mat."),
      query("A kitten is lying on the rug."),
      query("The central bank raised its interest rate."),
    ]);
    expect(cosine(cat!, kitten!)).toBeGreaterThan(0.5);
    expect(cosine(cat!, bank!)).toBeLessThan(0.2);
  });

  it("gives a text the same vector alone, as a query, and among others, to the last bit", async () => {
    const texts = ["thread", "the ball of thread ".repeat(30), "labyrinth", "a".repeat(500), ""];
    const { vectors } = await embedder.embedDocuments(texts);
    for (const [index, text] of texts.entries()) expect(await query(text)).toEqual(vectors[index]);
  });

  it.each([
    ["nothing", ""],
    ["NaN", "NaN"],
    ["lone surrogates", "a\ud800b\udc00"],
    ["a null character", "\0"],
    ["a megabyte of words", "word ".repeat(200_000)],
    ["a megabyte without a space", "a".repeat(1_000_000)],
    ["a megabyte of ideographs", "迷宮".repeat(250_000)],
  ])("embeds %s", async (_, text) => {
    expect(Math.hypot(...(await query(text)))).toBeCloseTo(1, 5);
  });

  it("embeds any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) => {
        expect(Math.hypot(...(await query(text)))).toBeCloseTo(1, 5);
      }),
      { numRuns: 30 },
    );
  });

  it("says how many texts it cut", async () => {
    const { notes } = await embedder.embedDocuments(["short", "word ".repeat(254), "word ".repeat(255)]);
    expect(notes).toEqual([
      { code: "cut", message: expect.stringContaining("1 of 3 texts"), detail: { texts: 1, maxTokens: 256 } },
    ]);
  });

  it("counts tokens as it embeds them, without the special ones", async () => {
    const count = await embedder.tokenCounter();
    expect(count("")).toBe(0);
    expect(count("Follow the clew!")).toBe(5);
    expect(count("word ".repeat(300))).toBe(300);
  });

  it("lets a query go before the documents that wait", async () => {
    const order: (number | "query")[] = [];
    const documents = embedder.embedDocuments(
      Array.from({ length: 40 }, (_, index) => `Document ${index} of a long job.`),
      { onProgress: (done) => order.push(done) },
    );
    const asked = query("urgent").then(() => order.push("query"));
    await Promise.all([documents, asked]);
    expect(order).toEqual([16, "query", 32, 40]);
  });

  it("stops between two pieces of work when it is aborted", async () => {
    const controller = new AbortController();
    const progress: number[] = [];
    const job = embedder.embedDocuments(
      Array.from({ length: 100 }, (_, index) => `Document ${index}.`),
      {
        signal: controller.signal,
        onProgress: (done) => {
          progress.push(done);
          controller.abort(new Error("no longer wanted"));
        },
      },
    );
    await expect(job).rejects.toThrowError("no longer wanted");
    await query("what comes after it");
    expect(progress).toEqual([16]);
  });

  it("works off the main thread: turns of the event loop go by while it computes", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await embedder.embedDocuments(["word ".repeat(250), "word ".repeat(250), "word ".repeat(250)]);
    clearInterval(timer);
    // on the main thread there would be one between two pieces
    expect(turns).toBeGreaterThan(5);
  });

  it("lets a script end that forgot to close it", async () => {
    const { stdout } = await runScript('console.log((await miniLM().embedQuery("x")).vectors[0].length);');
    expect(stdout).toBe("384\n");
  });

  it("lets a script exit in the midst of work, with its own exit code", async () => {
    // the inference library ends the process with a signal when its thread is ended inside it
    const script = `
      const embedder = miniLM();
      await embedder.embedQuery("x");
      embedder.embedDocuments(Array(50).fill("word ".repeat(250))).catch(() => {});
      setTimeout(() => process.exit(7), 60);`;
    await expect(runScript(script)).rejects.toMatchObject({ code: 7, signal: null, stderr: "" });
  });

  it("can be closed in the midst of work", async () => {
    const script = `
      const embedder = miniLM();
      await embedder.embedQuery("x");
      const job = embedder.embedDocuments(Array(50).fill("word ".repeat(250))).catch((error) => error.code);
      setTimeout(async () => { await embedder.close(); console.log(await job); }, 60);`;
    expect((await runScript(script)).stdout).toBe("closed\n");
  });

  it.each([0, 1.5, -1])("refuses %d threads", (threads) => {
    expect(() => miniLM({ threads })).toThrowError(/"threads" must be a whole number of 1 or more/);
  });
});
