import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { expect, it } from "vitest";
import { myths } from "../test/myths.js";
import { question, said } from "../test/persisted-research.mjs";
import { createResearcher } from "./create-researcher.js";
import type { ResearcherOptions } from "./researcher.js";

const reason = new Error("the user has left");

/** Resolves when `count` was called so often. */
function countdown(count: number) {
  let [left, reach] = [count, (): void => undefined];
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return {
    reached,
    count: () => {
      left -= 1;
      if (left === 0) reach();
    },
  };
}

/** Researches, aborts when the work has come to its point, and expects the reason: nothing else would ever end it. */
async function leaveAt(reached: Promise<void>, options: ResearcherOptions, thread?: string): Promise<void> {
  const leaving = new AbortController();
  const asked = createResearcher(options).research(question, { thread, signal: leaving.signal });
  asked.catch(() => undefined);
  await reached;
  leaving.abort(reason);
  await expect(asked).rejects.toBe(reason);
}

it.each([
  ["outline", 1],
  ["plan", 3],
  ["check", 3],
  ["answer", 3],
] as const)("of open requests that begin with You %s: the server sees all %i of them close", async (role, open) => {
  const [sent, closed] = [countdown(open), countdown(open)];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { messages } = JSON.parse(Buffer.concat(parts).toString()) as { messages: { content: string }[] };
    const [system, user] = messages.map(({ content }) => content);
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = (content: string): string => {
      const choices = [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }];
      return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "local", choices })}\n\n`;
    };
    if (system!.startsWith(`You ${role}`)) {
      response.once("close", closed.count);
      // it begins, and never comes to an end
      response.write(chunk("It was "));
      sent.count();
      return;
    }
    const answer = said(system!, user!);
    response.end(`${chunk(typeof answer === "string" ? answer : JSON.stringify(answer))}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const models = new ChatOpenAI({ model: "local", apiKey: "none", configuration: { baseURL }, maxRetries: 0 });
    await leaveAt(sent.reached, { retriever: myths(), models });
    await closed.reached;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

it("of searches that never end, in every section", async () => {
  const open = countdown(3);
  const retriever = myths({
    before: (query) => {
      if (query === question) return undefined;
      open.count();
      return new Promise(() => undefined);
    },
  });
  await leaveAt(open.reached, { retriever });
});

it("leaves a thread that goes on where it was left", async () => {
  const checkpointer = new MemorySaver();
  const open = countdown(1);
  const before = (query: string) => {
    if (query === question) return undefined;
    open.count();
    return new Promise(() => undefined);
  };
  await leaveAt(open.reached, { retriever: myths({ before }), checkpointer }, "t");
  let searches = 0;
  const retriever = myths({
    before: (query) => {
      if (query === question) searches += 1;
    },
  });
  const report = await createResearcher({ retriever, checkpointer }).research(question, { thread: "t" });
  expect(report.sections.length).toBeGreaterThan(1);
  // the first search and that of the first section, which asks the same, were kept
  expect(searches).toBeLessThanOrEqual(1);
});
