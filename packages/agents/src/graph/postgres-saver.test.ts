import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { describe } from "vitest";
import { testSaver } from "../test/saver-suite.js";

// `npm run test:postgres` starts a server and names it here; `npm test` runs the same suite over memory and SQLite
const server = process.env.CLEW_POSTGRES;
let schemas = 0;

describe.skipIf(server === undefined)("PostgresSaver", () => {
  testSaver({
    open: async () => {
      const saver = PostgresSaver.fromConnString(server!, { schema: `suite_${++schemas}` });
      await saver.setup();
      return { saver, close: () => saver.end() };
    },
    child: { saver: "postgres", target: async () => `${server} child_${++schemas}`, first: [1, 3] },
  });
});
