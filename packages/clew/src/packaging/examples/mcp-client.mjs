import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const client = new Client({ name: "example", version: "1.0.0" });
await client.connect(new StdioClientTransport({ command: "npx", args: ["--no", "clew", "mcp", "docs"] }));

const { tools } = await client.listTools();
console.log(tools.map(({ name }) => name).join(", "));
const { structuredContent } = await client.callTool(
  { name: "ask", arguments: { question: "Who built the labyrinth?" } },
  undefined,
  { onprogress: ({ message }) => console.log(message) },
);
const [citation] = structuredContent.citations;
console.log(structuredContent.text, citation.source, citation.quote);
const passage = await client.callTool({
  name: "fetch_passage",
  arguments: { id: citation.passage, around: "section" },
});
console.log(passage.content[0].text);

await client.close();
