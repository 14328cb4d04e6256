import { join } from "node:path";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { describe } from "vitest";
import { testSaver } from "../test/saver-suite.js";

describe("SqliteSaver", () => {
  testSaver({
    open: async () => {
      const saver = SqliteSaver.fromConnString(":memory:");
      return { saver, close: async () => void saver.db.close() };
    },
    every: 2,
    child: { saver: "sqlite", target: async (folder) => join(folder, "threads.db"), first: [2] },
  });
});
