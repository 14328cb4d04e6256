// node killed-child.mjs SAVER TARGET LOG AFTER [research]: asks the question of persisted-run.mjs, or researches that of
// persisted-research.mjs, and kills itself after AFTER writes.
import { appendFileSync } from "node:fs";
import { createResearcher, createRetrievalAgent } from "../../dist/index.js";
import { question as researched, researchOptionsOf } from "./persisted-research.mjs";
import { mortal, optionsOf, question } from "./persisted-run.mjs";

const [saver, target, log, after, what = "ask"] = process.argv.slice(2);
const tell = (what) => appendFileSync(log, `${what}\n`);

async function open() {
  if (saver === "sqlite") {
    const { SqliteSaver } = await import("@langchain/langgraph-checkpoint-sqlite");
    return SqliteSaver.fromConnString(target);
  }
  const { PostgresSaver } = await import("@langchain/langgraph-checkpoint-postgres");
  const [server, schema] = target.split(" ");
  const opened = PostgresSaver.fromConnString(server, { schema });
  await opened.setup();
  return opened;
}

const opened = await open();
const checkpointer = mortal(opened, {
  after: Number(after),
  wrote: ({ journal }) => journal && tell("kept"),
  die: () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => undefined);
  },
});
const result =
  what === "research"
    ? await createResearcher(researchOptionsOf(checkpointer, tell)).research(researched, { thread: "t" })
    : await createRetrievalAgent(optionsOf(checkpointer, tell)).ask(question, { thread: "t" });
process.stdout.write(JSON.stringify(result));
await opened.end?.();
