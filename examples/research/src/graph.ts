// For LangGraph Studio (langgraph.json): the graphs of the agent and of the researcher, over the sample documents.
import { fileURLToPath } from "node:url";
import * as clew from "clew";
import { openFolder } from "./open-folder.js";

const { index, scope } = await openFolder(fileURLToPath(new URL("../sample/wikipedia", import.meta.url)));
const retriever = clew.linked(index.in(scope));

/** Its input: `{ question, options: {} }`; its output: `answer`. */
export const agent = clew.createRetrievalAgent({ retriever }).graph;

/** Its input: `{ question, options: {} }`; its output: `report`. */
export const researcher = clew.createResearcher({ retriever }).graph;
