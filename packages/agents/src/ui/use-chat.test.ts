import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport, pipeUIMessageStreamToResponse, type UIMessage, type UIMessageChunk } from "ai";
import { Window } from "happy-dom";
import { createElement, useState } from "react";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import type { RetrievalAgent } from "../retrieval-agent.js";
import { chainQuestion, endless, myths } from "../test/myths.js";
import { toUIMessageStream } from "./to-ui-message-stream.js";
import type { ClewUIData } from "./ui-message-chunk.js";

type Message = UIMessage<unknown, ClewUIData>;

const page = new Window({ url: "http://localhost/" });
// react-dom reads these when it is loaded, and once more when all is over; requests stay Node's
beforeAll(() => void Object.assign(globalThis, { window: page, document: page.document, navigator: page.navigator }));

/** A server that answers the last message of a chat, over HTTP. */
async function serve(agent: RetrievalAgent): Promise<string> {
  const server = createServer(async (request, response) => {
    const { messages } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { messages: Message[] };
    const question = messages
      .at(-1)!
      .parts.map((part) => (part.type === "text" ? part.text : ""))
      .join("");
    const stream: ReadableStream<UIMessageChunk> = toUIMessageStream((signal) => agent.stream(question, { signal }));
    pipeUIMessageStreamToResponse({ response, stream });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`;
}

interface Seen {
  /** What the hook gave last. */
  chat?: ReturnType<typeof useChat<Message>>;
  readonly steps: string[];
}

/** A chat as a product would show it. */
function Chat({ api, seen }: { readonly api: string; readonly seen: Seen }) {
  const [transport] = useState(() => new DefaultChatTransport<Message>({ api }));
  seen.chat = useChat<Message>({ transport, onData: ({ type }) => void seen.steps.push(type) });
  const items = seen.chat.messages.flatMap(({ id, parts }) =>
    parts.map((part, at) => {
      const key = `${id}-${at}`;
      if (part.type === "text") return createElement("li", { key, className: "text" }, part.text);
      if (part.type === "source-document") return createElement("li", { key, className: "source" }, part.sourceId);
      if (part.type !== "data-citation" || part.data === null) return null;
      return createElement("li", { key, className: "citation" }, `${part.data.number}: ${part.data.quote}`);
    }),
  );
  return createElement("ol", {}, items);
}

async function render(api: string) {
  const { createRoot } = await import("react-dom/client");
  const seen: Seen = { steps: [] };
  const container = page.document.createElement("div");
  const root = createRoot(container as unknown as Parameters<typeof createRoot>[0]);
  root.render(createElement(Chat, { api, seen }));
  onTestFinished(() => root.unmount());
  await expect.poll(() => seen.chat).toBeDefined();
  const shown = (name: string): string[] =>
    [...container.querySelectorAll(`.${name}`)].map(({ textContent }) => textContent ?? "");
  return { seen, shown };
}

it("useChat shows text, sources and citations of an agent behind a server", async () => {
  const { seen, shown } = await render(await serve(createRetrievalAgent({ retriever: myths() })));
  await seen.chat!.sendMessage({ text: chainQuestion });
  await expect.poll(() => seen.chat!.status).toBe("ready");
  expect(seen.chat!.error).toBeUndefined();
  const [question, answer] = shown("text");
  expect(question).toBe(chainQuestion);
  expect(answer).toContain("built by Daedalus");
  expect(answer).toContain("[1]");
  expect(shown("source")).toContain("labyrinth.md");
  expect(shown("citation").join("\n")).toContain("It was built by Daedalus for King Minos.");
  expect(seen.steps).toEqual(expect.arrayContaining(["data-query", "data-hits", "data-evidence"]));
  expect(seen.chat!.messages[1]!.parts.some(({ type }) => type === "data-query")).toBe(false);
});

it("stop() of useChat aborts the run on the server", async () => {
  const { retriever, searching } = endless();
  const { seen } = await render(await serve(createRetrievalAgent({ retriever })));
  const sent = seen.chat!.sendMessage({ text: chainQuestion });
  const signal = await searching;
  await seen.chat!.stop();
  await sent;
  await expect.poll(() => signal?.aborted).toBe(true);
  expect(seen.chat!.status).toBe("ready");
});

it("useChat is told that a run failed, and not why", async () => {
  const failing = {
    // biome-ignore lint/correctness/useYield: it fails before the first event
    stream: async function* () {
      throw new Error("key sk-123");
    },
  } as unknown as RetrievalAgent;
  const { seen } = await render(await serve(failing));
  await seen.chat!.sendMessage({ text: "Who?" });
  await expect.poll(() => seen.chat!.status).toBe("error");
  expect(seen.chat!.error?.message).toBe("An error occurred.");
});
