// the worker is loaded from the build: these tests import the package by its name
import { miniLM } from "@clew/local";
import { afterAll, describe, expect, it } from "vitest";

const embedder = miniLM({ threads: 2 });
afterAll(() => embedder.close());

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
const query = async (text: string): Promise<Float32Array> => (await embedder.embedQuery(text)).vectors[0]!;

describe("miniLM", () => {
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

  it("gives close vectors to texts that mean the same", async () => {
    const [cat, kitten, bank] = await Promise.all([
      query("A cat sits on the mat."),
      query("A kitten is lying on the rug."),
      query("The central bank raised its interest rate."),
    ]);
    expect(cosine(cat!, kitten!)).toBeGreaterThan(0.5);
    expect(cosine(cat!, bank!)).toBeLessThan(0.2);
  });
});
