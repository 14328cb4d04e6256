import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { createRetrievalAgent } from "clew";
import { close, retriever } from "./library.mjs";

// question and answer are the agent's; the rest of the state is the caller's own
const State = Annotation.Root({
  customer: Annotation(),
  question: Annotation(),
  answer: Annotation(),
  reply: Annotation(),
});
const agent = createRetrievalAgent({ retriever });
const graph = new StateGraph(State)
  .addNode("look", agent.graph)
  .addNode("write", ({ customer, answer }) => ({ reply: `Dear ${customer}, ${answer.text}` }))
  .addEdge(START, "look")
  .addEdge("look", "write")
  .addEdge("write", END)
  .compile({ checkpointer: new MemorySaver() });

const config = { configurable: { thread_id: "thread-1" } };
const input = { customer: "Ariadne", question: "Who built the labyrinth?" };
const stream = await graph.stream(input, { ...config, streamMode: "custom", subgraphs: true });
for await (const [, event] of stream) {
  if (event.type === "query") console.log(`hop ${event.hop}: ${event.query}`);
}

const { values } = await graph.getState(config); // kept by the caller's checkpointer
console.log(values.reply, values.answer.citations[0].quote);

await close();
