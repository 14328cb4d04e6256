import { AIMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { searchTool } from "clew";
import { createAgent } from "langchain";
import { close, retriever } from "./library.mjs";

// any chat model of LangChain; this one has a script, so that the example runs without a key
const call = { name: "search_myths", args: { query: "labyrinth" }, id: "call-1", type: "tool_call" };
const model = fakeModel()
  .respond(new AIMessage({ content: "", tool_calls: [call] }))
  .respond(new AIMessage("The labyrinth was built by Daedalus."));

const searchMyths = searchTool(retriever, {
  name: "search_myths",
  description: "Finds passages about Greek myths.",
  k: 5,
});
const agent = createAgent({ model, tools: [searchMyths] });
const { messages } = await agent.invoke({ messages: [{ role: "user", content: "Who built the labyrinth?" }] });

const { artifact } = messages.find((message) => message.type === "tool");
for (const { id, source, page, span, score } of artifact.hits) console.log(id, source, page, span, score);
console.log(messages.at(-1).content);

await close();
