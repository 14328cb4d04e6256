import { testIndex } from "@clew/core/testing";
import { describe } from "vitest";
import { memoryIndex } from "./memory-index.js";

describe("memoryIndex", () => {
  testIndex({ open: async (setup) => memoryIndex(setup) });
});
