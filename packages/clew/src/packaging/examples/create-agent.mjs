import { AIMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { searchTool, verifyReply } from "clew";
import { createAgent } from "langchain";
import { close, retriever } from "./library.mjs";

// any chat model of LangChain; this one has a script, so that the example runs without a key
const call = { name: "search_myths", args: { query: "labyrinth" }, id: "call-1", type: "tool_call" };
const said = (shown) => `The labyrinth was built by Daedalus [${/P[0-9a-f]{10}/.exec(shown)[0]}].`;
const model = fakeModel()
  .respond(new AIMessage({ content: "", tool_calls: [call] }))
  .respond((shown) => new AIMessage(said(shown.at(-1).content)));

const searchMyths = searchTool(retriever, {
  name: "search_myths",
  description: "Finds passages about Greek myths.",
  k: 5,
});
const agent = createAgent({ model, tools: [searchMyths] });
const { messages } = await agent.invoke({ messages: [{ role: "user", content: "Who built the labyrinth?" }] });

const { artifact } = messages.find((message) => message.type === "tool");
for (const { id, source, page, span, score } of artifact.hits) console.log(id, source, page, span, score);

const { sentences, citations } = verifyReply(messages); // by code, against what the tool has shown
for (const { text, verdict } of sentences) console.log(verdict, text);
for (const { source, quote } of citations) console.log(source, quote);

await close();
