// npm run resumed: a process is killed in the middle of a run (kill -9); another one finishes it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import * as clew from "clew";
import { openMyths, question } from "./myths.js";

/** Asks the question. What is done lies in a file before the next step begins: any LangGraph checkpointer serves. */
async function ask(file: string, { dieInRound }: { dieInRound?: number } = {}): Promise<void> {
  const { index, retriever, k } = await openMyths();
  const agent = clew.createRetrievalAgent({ retriever, k, checkpointer: SqliteSaver.fromConnString(file) });
  for await (const event of agent.stream(question, { thread: "user-1" })) {
    if (event.type === "query") {
      console.log(`process ${dieInRound === undefined ? "two" : "one"} searches: ${event.query}`);
      if (event.hop === dieInRound) process.kill(process.pid, "SIGKILL");
    }
    if (event.type === "done") console.log(`\n${clew.formatAnswer(event.answer, { hops: false })}`);
  }
  await index.close();
}

const [victim] = process.argv.slice(2);
if (victim !== undefined) await ask(victim, { dieInRound: 2 });
else {
  const folder = await mkdtemp(join(tmpdir(), "clew-resumed-"));
  try {
    const file = join(folder, "threads.db");
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), file], { stdio: "inherit" });
    const [, signal] = await once(child, "exit");
    console.log(`process one ended with ${signal}`);
    await ask(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
