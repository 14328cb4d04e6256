// npm run aborted: a user leaves in the middle of a run, comes back, and asks again.
import { MemorySaver } from "@langchain/langgraph";
import * as clew from "clew";
import { openMyths, question } from "./myths.js";

const { index, retriever, k } = await openMyths();
const agent = clew.createRetrievalAgent({ retriever, k, checkpointer: new MemorySaver() });
const thread = "user-1";

// an AbortSignal ends a run wherever it is, and every request that it has open; a request handler's own will do
const leaving = new AbortController();
try {
  for await (const event of agent.stream(question, { thread, signal: leaving.signal })) {
    if (event.type === "query") console.log(`searched: ${event.query}`);
    if (event.type === "query" && event.hop === 2) leaving.abort(new Error("the user closed the page"));
  }
} catch (error) {
  console.log(`aborted: ${(error as Error).message}`); // the reason, as it was given
}

// the same question in the same thread goes on where it was; the first round is not searched again
for await (const event of agent.stream(question, { thread })) {
  if (event.type === "query") console.log(`searched: ${event.query}`);
  if (event.type === "done") console.log(`\n${clew.formatAnswer(event.answer, { hops: false })}`);
}
await index.close();
