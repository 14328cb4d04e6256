import { describe, expect, it } from "vitest";
import { modelId } from "../model/served-model.js";
import { scriptedModel } from "../testing/scripted-model.js";
import { servedBy } from "./served-by.js";

describe("servedBy", () => {
  it.each([
    [{ served: "lora-a" }, "lora-a", 1],
    [
      { served: { kind: "vllm", model: "lora-a", adapterOf: "base", revision: "7" }, requests: 2 },
      "vllm:lora-a on base@7",
      2,
    ],
    [{ served: { kind: "tgi", model: "m" }, requests: 0 }, "tgi:m", 0],
    [{}, undefined, 0],
    [{ served: { kind: 3 }, requests: -1 }, undefined, 1],
  ])("reads %j", (response_metadata, served, requests) => {
    expect(servedBy({ response_metadata })).toEqual({ served, requests, notes: [] });
  });

  it("keeps what is a note", () => {
    const kept = { code: "fell-back", message: "m" };
    expect(servedBy({ response_metadata: { served: "a", notes: [kept, { code: 1 }, null] } }).notes).toEqual([kept]);
    expect(servedBy({}).notes).toEqual([]);
  });

  it("names a model", () => {
    expect(modelId(scriptedModel({ answers: [], model: "m" }))).toBe("m");
    expect(modelId(scriptedModel({ answers: [], model: "" }))).toBe("scripted");
  });
});
