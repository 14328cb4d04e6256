import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadOnnxModel, relevance } from "./onnx-model.js";

describe("relevance", () => {
  it("is the only logit, or the second less the first", () => {
    expect(relevance([-1.5])).toBe(-1.5);
    expect(relevance([0.5, 2])).toBe(1.5);
  });

  it.each([[[]], [[1, 2, 3]], [[Number.NaN]]])("refuses %j", (logits) => {
    expect(() => relevance(logits)).toThrowError();
  });
});

it("stops before the next text when nobody waits any more, and then takes other requests", async () => {
  let inferences = 0;
  let wanted = 2;
  const model = await loadOnnxModel(
    {
      folder: fileURLToPath(new URL("../../fixtures/tiny-cross-encoder", import.meta.url)),
      dtype: "q8",
      task: "score",
      pooling: "model",
      dimensions: 1,
      maxTokens: 32,
      threads: 1,
    },
    (inference) => {
      inferences += 1;
      return inference();
    },
    () => wanted-- <= 0,
  );
  inferences = 0; // loading is guarded too
  const texts = ["king", "of", "france", "paris"];
  await expect(model.run({ texts, query: "king" })).rejects.toThrow("Nobody waits");
  expect(inferences).toBe(2);
  wanted = 4;
  expect([...(await model.run({ texts, query: "king of" })).values]).toEqual([1, 1, 0, 0]);
});
