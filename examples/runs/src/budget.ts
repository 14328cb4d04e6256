// npm run budget: a run that may spend less than a cent. It ends in a partial answer, cited, that says what was cut.
import { ChatOpenAI } from "@langchain/openai";
import * as clew from "clew";
import { serveLocally } from "./local-server.js";
import { openMyths, question } from "./myths.js";

const { index, retriever, k } = await openMyths();
const server = await serveLocally(); // in place of a service that costs money
const model = new ChatOpenAI({ model: "local", apiKey: "none", configuration: { baseURL: server.baseURL } });

const agent = clew.createRetrievalAgent({
  retriever,
  k,
  models: model,
  prices: { local: { inputPerMillion: 1, outputPerMillion: 4 } }, // US dollars, as your provider's page says
  budget: { usd: 0.007, hops: 4 }, // beside it: tokens, ms, calls
});

const { status, text, citations, notes, usage } = await agent.ask(question);
console.log(`${status}: ${text}`);
for (const { quote, source } of citations) console.log(`  "${quote}" (${source})`);
for (const { code, message } of notes) console.log(`${code}: ${message}`);
console.log(`spent: ${usage.usd.toFixed(4)} of 0.0070 USD in ${usage.calls} calls`);

server.close();
await index.close();
