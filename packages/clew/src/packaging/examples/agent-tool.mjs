import { agentTool, createRetrievalAgent } from "clew";
import { close, retriever } from "./library.mjs";

const agent = createRetrievalAgent({ retriever });
const askMyths = agentTool(agent, {
  name: "ask_myths",
  description: "Answers questions about Greek myths, with citations.",
  budget: { hops: 2 },
});

const message = await askMyths.invoke({
  name: "ask_myths",
  args: { question: "Who built the labyrinth?" },
  id: "call-1",
  type: "tool_call",
});
console.log(message.content); // the answer for a model: fenced, with numbered citations
console.log(message.artifact.status, message.artifact.citations[0].quote); // the whole Answer, as plain JSON

await close();
