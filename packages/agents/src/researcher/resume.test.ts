import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { describe } from "vitest";
import { testResearchSaver } from "../test/research-saver-suite.js";

describe("research over MemorySaver", () => {
  testResearchSaver({ open: async () => ({ saver: new MemorySaver(), close: async () => undefined }), every: 8 });
});

describe("research over SqliteSaver", () => {
  testResearchSaver({
    open: async () => {
      const saver = SqliteSaver.fromConnString(":memory:");
      return { saver, close: async () => void saver.db.close() };
    },
    every: 17,
    child: { saver: "sqlite", target: async (folder) => join(folder, "research.db"), first: [3] },
  });
});
