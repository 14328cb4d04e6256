import { MemorySaver } from "@langchain/langgraph";
import { describe } from "vitest";
import { testSaver } from "../test/saver-suite.js";

describe("MemorySaver", () => {
  testSaver({ open: async () => ({ saver: new MemorySaver(), close: async () => undefined }) });
});
