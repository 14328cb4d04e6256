import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { describe, onTestFinished } from "vitest";
import { testErasableSaver } from "../test/erase-suite.js";

// `npm run test:postgres` starts a server and names it here
const server = process.env.CLEW_POSTGRES;
let schemas = 0;

describe.skipIf(server === undefined)("PostgresSaver", () => {
  testErasableSaver({
    open: async () => {
      const saver = PostgresSaver.fromConnString(server!, { schema: `erase_${++schemas}` });
      await saver.setup();
      onTestFinished(() => saver.end());
      return { saver };
    },
    // its log, replicas and backups are its administrator's
    notes: ["not-erased"],
  });
});
