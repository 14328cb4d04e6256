import { describe, expect, it } from "vitest";
import { chooseEmbedder } from "./choose-embedder.js";
import { chooseModel } from "./choose-model.js";

describe("chooseModel", () => {
  it.each(["gpt-4.1-mini", "nobody:model", "openai:", ""])("refuses %j and says what is right", async (name) => {
    await expect(chooseModel(name, {})).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("PROVIDER:NAME"),
    });
  });

  it("names the variable of a missing key", async () => {
    await expect(chooseModel("anthropic:claude", {})).rejects.toMatchObject({
      code: "missing-key",
      message: expect.stringContaining("ANTHROPIC_API_KEY"),
    });
  });

  it("names the package of a missing integration", async () => {
    await expect(chooseModel("mistralai:small", { MISTRAL_API_KEY: "x" })).rejects.toMatchObject({
      code: "missing-package",
      message: expect.stringContaining("@langchain/mistralai"),
    });
  });
});

describe("chooseEmbedder", () => {
  it("knows none, and names what it knows", async () => {
    expect(await chooseEmbedder("none")).toBeUndefined();
    await expect(chooseEmbedder("word2vec")).rejects.toMatchObject({ code: "invalid-option" });
    await expect(chooseEmbedder("openai:text-embedding-3-small", { environment: {} })).rejects.toMatchObject({
      code: "missing-key",
    });
  });
});
