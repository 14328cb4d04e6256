import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Policy } from "@clew/core";
import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { extractivePolicy } from "./extractive/extractive-policy.js";
import type { RetrievalAgentOptions } from "./retrieval-agent.js";
import { chainQuestion, myths } from "./test/myths.js";

const reason = new Error("the user has left");
const forever = (): Promise<never> => new Promise(() => undefined);

/** A promise, and what resolves it. */
function happening() {
  let happens = (): void => undefined;
  const happened = new Promise<void>((resolve) => {
    happens = resolve;
  });
  return { happened, happens };
}

/** Asks, aborts when the work has come to its point, and expects the reason: nothing else would ever end the run. */
async function leaveAt(reached: Promise<void>, options: RetrievalAgentOptions, thread?: string): Promise<void> {
  const leaving = new AbortController();
  const asked = createRetrievalAgent(options).ask(chainQuestion, { thread, signal: leaving.signal });
  asked.catch(() => undefined);
  await reached;
  leaving.abort(reason);
  await expect(asked).rejects.toBe(reason);
}

describe("cancellation", () => {
  describe("of an open request to the model of the", () => {
    it.each(["router", "planner", "grader", "writer", "repair"])("%s, whose server sees it close", async (role) => {
      const [sent, closed] = [happening(), happening()];
      const server = createServer(async (request, response) => {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part as Buffer);
        const { messages } = JSON.parse(Buffer.concat(parts).toString()) as { messages: { content: string }[] };
        const [system, user] = messages.map(({ content }) => content);
        response.writeHead(200, { "content-type": "text/event-stream" });
        if (roleOf(system!) !== role) return say(response, said(system!, user!));
        response.once("close", closed.happens);
        // it begins, and never comes to an end
        response.write(chunk("It was "));
        sent.happens();
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
        const models = new ChatOpenAI({ model: "local", apiKey: "none", configuration: { baseURL }, maxRetries: 0 });
        await leaveAt(sent.happened, { retriever: myths(), models });
        await closed.happened;
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    });
  });

  it.each(["route", "plan", "grade", "write", "judge"] as const)("of a policy that never ends its %s", async (step) => {
    const reached = happening();
    const stuck = () => {
      reached.happens();
      return forever();
    };
    const write: Policy["write"] = async function* () {
      yield { type: "delta", text: "It was " };
      await stuck();
    };
    const policy: Policy = { ...extractivePolicy(), [step]: step === "write" ? write : stuck };
    await leaveAt(reached.happened, { retriever: myths(), policy });
  });

  it("of a search, which hears of it", async () => {
    const reached = happening();
    let seen: AbortSignal | undefined;
    const retriever = myths({
      before: (_, signal) => {
        seen = signal;
        reached.happens();
        return forever();
      },
    });
    await leaveAt(reached.happened, { retriever });
    expect(seen?.aborted).toBe(true);
  });

  it.each(["getTuple", "put", "putWrites"] as const)("of a checkpointer that hangs in %s", async (method) => {
    const reached = happening();
    const checkpointer = new MemorySaver();
    checkpointer[method] = () => {
      reached.happens();
      return forever();
    };
    await leaveAt(reached.happened, { retriever: myths(), checkpointer }, "t");
  });

  it("before it begins", async () => {
    const asked = createRetrievalAgent({ retriever: myths() }).ask("x", { signal: AbortSignal.abort(reason) });
    await expect(asked).rejects.toBe(reason);
  });

  it("by leaving the stream", async () => {
    const [reached, heard] = [happening(), happening()];
    const retriever = myths({
      before: (_, signal) => {
        signal?.addEventListener("abort", heard.happens, { once: true });
        reached.happens();
        return forever();
      },
    });
    for await (const { type } of createRetrievalAgent({ retriever }).stream(chainQuestion)) {
      if (type !== "query") continue;
      await reached.happened;
      break;
    }
    await heard.happened;
  });

  it("is not needed of a search that hangs where time is limited: the run ends by itself", async () => {
    const answer = await createRetrievalAgent({ retriever: myths({ before: forever }), budget: { ms: 400 } }).ask(
      chainQuestion,
    );
    expect(answer.status).toBe("abstained");
    expect(answer.notes.map(({ code }) => code)).toContain("sub-question-failed");
  });
});

function roleOf(system: string): string {
  const roles = { "You decide": "router", "You plan": "planner", "You check": "grader", "You correct": "repair" };
  return Object.entries(roles).find(([start]) => system.startsWith(start))?.[1] ?? "writer";
}

/** What a model says that errs once. */
function said(system: string, user: string): string {
  if (system.startsWith("You decide")) {
    return JSON.stringify({ kind: "retrieve", question: chainQuestion, text: null, why: "facts" });
  }
  if (system.startsWith("You plan")) {
    return JSON.stringify({ subQuestions: [{ id: "q1", question: chainQuestion, dependsOn: [] }] });
  }
  if (system.startsWith("You check")) {
    const grade = { id: "q1", answered: true, evidence: ["E1"], answer: "Daedalus", missing: null, query: null };
    return JSON.stringify({ grades: [grade] });
  }
  return user === "" ? "" : "The Labyrinth was built by Icarus in 1999. [E1]";
}

const chunk = (content: string, finish_reason: string | null = null): string => {
  const choices = [{ index: 0, delta: { role: "assistant", content }, finish_reason }];
  return `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "local", choices })}\n\n`;
};

function say(response: ServerResponse, text: string): void {
  response.write(chunk(text));
  response.write(chunk("", "stop"));
  response.end("data: [DONE]\n\n");
}
