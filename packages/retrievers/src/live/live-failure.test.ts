import { ClewError } from "@clew/core";
import { describe, expect, it } from "vitest";
import { liveFailure } from "./live-failure.js";

describe("liveFailure", () => {
  it("keeps a typed error's code", () => {
    const error = liveFailure(new ClewError("leg-missing", "No leg. key=abc"), "web", []);
    expect([error.code, error.message]).toEqual(["leg-missing", "No leg. key=…"]);
  });

  it("tells of what is no error", () => {
    expect(liveFailure("broken", "web", []).message).toBe('The live source "web" failed: broken');
    expect(liveFailure(undefined, "web", []).message).toBe('The live source "web" failed: undefined');
  });
});
