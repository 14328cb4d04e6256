import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readModelLimits } from "./read-model-limits.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-limits-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (config: object, tokenizer: object): Promise<void> => {
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "tokenizer_config.json"), JSON.stringify(tokenizer));
};
const failure = "embedder-failed";

describe("readModelLimits", () => {
  it.each([
    ["BERT", { hidden_size: 384, max_position_embeddings: 512 }, { model_max_length: 256 }, undefined, 384, 256],
    [
      "a family's limit before the tokenizer's",
      { hidden_size: 8, max_position_embeddings: 512 },
      { model_max_length: 512 },
      128,
      8,
      128,
    ],
    [
      "never more than there are positions",
      { hidden_size: 8, max_position_embeddings: 512 },
      { model_max_length: 1e30 },
      8192,
      8,
      512,
    ],
    [
      "XLM-R, whose first two positions are none",
      { model_type: "xlm-roberta", hidden_size: 8, max_position_embeddings: 514 },
      {},
      undefined,
      8,
      512,
    ],
    ["DistilBERT's name for the width", { dim: 768, max_position_embeddings: 512 }, {}, undefined, 768, 512],
    ["Nomic's names", { n_embd: 768, n_positions: 8192 }, { model_max_length: 8192 }, undefined, 768, 8192],
    ["no width", { max_position_embeddings: 64 }, {}, undefined, undefined, 64],
  ])("%s", async (_, config, tokenizer, familyMaxTokens, width, maxTokens) => {
    await write(config, tokenizer);
    expect(await readModelLimits(folder, { familyMaxTokens, failure })).toEqual({ width, maxTokens });
  });

  it("takes the caller's limit, unless the model has fewer positions", async () => {
    await write({ max_position_embeddings: 64 }, { model_max_length: 32 });
    expect(await readModelLimits(folder, { maxTokens: 64, familyMaxTokens: 16, failure })).toMatchObject({
      maxTokens: 64,
    });
    await expect(readModelLimits(folder, { maxTokens: 65, failure })).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("at most 64"),
    });
    await expect(readModelLimits(folder, { maxTokens: 0, failure })).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("asks for the limit that no file tells", async () => {
    await write({ hidden_size: 8 }, { model_max_length: 1e30 });
    await expect(readModelLimits(folder, { failure })).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("names a file that is no JSON object", async () => {
    await write({}, {});
    await writeFile(join(folder, "config.json"), "{");
    await expect(readModelLimits(folder, { failure })).rejects.toMatchObject({
      code: "embedder-failed",
      message: expect.stringContaining("config.json"),
    });
  });
});
