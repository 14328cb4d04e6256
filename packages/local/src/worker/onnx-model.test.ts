import { describe, expect, it } from "vitest";
import { relevance } from "./onnx-model.js";

describe("relevance", () => {
  it("is the only logit, or the second less the first", () => {
    expect(relevance([-1.5])).toBe(-1.5);
    expect(relevance([0.5, 2])).toBe(1.5);
  });

  it.each([[[]], [[1, 2, 3]], [[Number.NaN]]])("refuses %j", (logits) => {
    expect(() => relevance(logits)).toThrowError();
  });
});
