import { Embeddings } from "@langchain/core/embeddings";
import { describe, expect, it } from "vitest";
import { hashEmbedder } from "../testing/hash-embedder.js";
import { asEmbedder, isEmbedder } from "./as-embedder.js";

class Lengths extends Embeddings {
  readonly model = "lengths";

  constructor() {
    super({});
  }

  override embedDocuments = async (texts: string[]): Promise<number[][]> => texts.map((text) => [text.length, 1, 0]);

  override embedQuery = async (text: string): Promise<number[]> => [text.length, 1, 0];
}

describe("asEmbedder", () => {
  it("leaves an embedder as it is", async () => {
    const embedder = hashEmbedder();
    expect(await asEmbedder(embedder)).toBe(embedder);
  });

  it("makes one of LangChain embeddings, under the name of their model", async () => {
    const embeddings = new Lengths();
    expect(isEmbedder(embeddings)).toBe(false);
    const embedder = await asEmbedder(embeddings);
    expect(embedder.fingerprint).toMatchObject({ id: "lengths", dimensions: 3 });
  });

  it("refuses what is neither", async () => {
    await expect(asEmbedder({} as Embeddings)).rejects.toMatchObject({ code: "invalid-option" });
  });
});
