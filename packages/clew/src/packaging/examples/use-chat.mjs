// The page of chat-page.mjs in a DOM, asking the route of chat-server.mjs over HTTP.
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { DefaultChatTransport } from "ai";
import { Window } from "happy-dom";

const page = new Window({ url: "http://localhost/" });
Object.assign(globalThis, { window: page, document: page.document, navigator: page.navigator });
const [{ POST }, { close }, { Chat }, { createElement }, { createRoot }] = await Promise.all([
  import("./chat-server.mjs"),
  import("./library.mjs"),
  import("./chat-page.mjs"),
  import("react"),
  import("react-dom/client"),
]);

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  const answer = await POST(new Request("http://localhost/api/chat", { method: "POST", body }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  Readable.fromWeb(answer.body).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const transport = new DefaultChatTransport({ api: `http://127.0.0.1:${server.address().port}/api/chat` });
const container = page.document.createElement("div");
createRoot(container).render(createElement(Chat, { transport }));
const until = async (selector) => {
  while (container.querySelector(selector) === null) await new Promise((resolve) => setTimeout(resolve, 20));
};
await until("button");
container.querySelector("button").click();
await until("blockquote");
for (const one of container.querySelectorAll("p, cite, blockquote")) console.log(`${one.tagName}: ${one.textContent}`);

server.close();
await close();
process.exit(); // React keeps a channel open
