import { inspect } from "node:util";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { requestFailure } from "../search/retry-request.js";
import type { EndpointFault, EndpointServer } from "./endpoint-server.js";

/** What the suite sets on an endpoint. */
export interface EndpointSettings {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly maxConcurrency?: number | undefined;
  readonly coldStartMs?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly stop?: readonly string[] | undefined;
}

/** Options of {@link testEndpoint}. */
export interface TestEndpointOptions {
  /** Starts a server that speaks the endpoint's protocol; the suite closes it. */
  serve: () => Promise<EndpointServer>;
  /** Makes the endpoint with every setting that is given. */
  make: (settings: EndpointSettings) => BaseChatModel;
  /** Reads from the body of a request what was set. */
  sent: (body: never) => { readonly stop?: unknown; readonly maxTokens?: unknown };
  /** Whether it calls tools. @default true */
  tools?: boolean | undefined;
  /** Whether it sends key and headers as they are given; false where a client of its own signs them. @default true */
  ownHeaders?: boolean | undefined;
  /** Whether it waits for a server that wakes up. @default true */
  wakes?: boolean | undefined;
  /** Milliseconds for one test. @default 30,000 */
  timeoutMs?: number | undefined;
}

const key = "planted-key-3f9a71c2b8";
const headerSecret = "planted-header-77e1d0";
const text = "Der Faden führt hinaus: 迷宮の糸 🧵, said Ariadne — “follow it”.";
const soon = { "retry-after-ms": "5" };
const refused = (status: number, headers: Readonly<Record<string, string>> = soon): EndpointFault => ({
  kind: "status",
  status,
  headers,
});
const searchTool = {
  type: "function" as const,
  function: {
    name: "search",
    description: "Looks something up.",
    parameters: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  },
};

/** The contract of an endpoint, a LangChain chat model over a server, as tests; faults included. */
export function testEndpoint({
  serve,
  make,
  sent,
  tools = true,
  ownHeaders = true,
  wakes = true,
  timeoutMs = 30_000,
}: TestEndpointOptions): void {
  const using = async <T>(
    work: (server: EndpointServer, with_: (settings?: Partial<EndpointSettings>) => BaseChatModel) => Promise<T>,
  ): Promise<T> => {
    const server = await serve();
    server.say({ text });
    try {
      return await work(server, (settings) => make({ baseURL: server.baseURL, apiKey: key, ...settings }));
    } finally {
      await server.close();
    }
  };
  const failing = async (model: BaseChatModel, code: string, streamed = false): Promise<Error> => {
    const asked = streamed ? collect(model) : model.invoke("?");
    const error = await asked.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: "ClewError", code });
    return error as Error;
  };

  describe("endpoint contract", { timeout: timeoutMs }, () => {
    it("answers, counts tokens and says what served", () =>
      using(async (server, endpoint) => {
        const answer = await endpoint().invoke([new HumanMessage("Where does the thread lead?")]);
        expect(answer.text).toBe(text);
        expect(answer.response_metadata.served).toMatchObject({ model: expect.any(String) });
        expect(answer.response_metadata.requests).toBe(1);
        expect(usageOf(answer)).toMatchObject({ input_tokens: expect.any(Number), output_tokens: expect.any(Number) });
        expect(JSON.stringify(server.requests[0]?.body)).toContain("Where does the thread lead?");
      }));

    it("streams in pieces, with what served in the first and usage once", () =>
      using(async (_, endpoint) => {
        const chunks = await collect(endpoint());
        expect(chunks.filter((chunk) => chunk.text !== "").length).toBeGreaterThan(3);
        expect(
          chunks.find((chunk) => chunk.text !== "")?.response_metadata.served ?? chunks[0]?.response_metadata.served,
        ).toBeDefined();
        const whole = joined(chunks);
        expect(whole.text).toBe(text);
        expect(whole.response_metadata).toMatchObject({ finish_reason: "stop", requests: 1 });
        expect(whole.response_metadata.model_name).toBe(chunks[0]?.response_metadata.model_name);
        expect(usageOf(whole)?.output_tokens).toBeGreaterThan(0);
      }));

    it("reads characters and frames wherever they are cut", () =>
      using(async (server, endpoint) => {
        for (const bytes of [1, 2, 3, 7]) {
          server.cutEvery(bytes);
          expect(joined(await collect(endpoint())).text).toBe(text);
        }
      }));

    it("D9: asks the server that it is given, with key and headers", () =>
      using(async (server, endpoint) => {
        await using(async (other) => {
          const headers = { "x-team": "labyrinth", "x-secret": headerSecret };
          await endpoint({ headers }).invoke("?");
          expect(other.requests).toHaveLength(0);
          expect(server.requests).toHaveLength(1);
          if (!ownHeaders) return;
          expect(server.requests[0]?.headers).toMatchObject(headers);
          expect(JSON.stringify(server.requests[0]?.headers)).toContain(key);
        });
      }));

    it("sends stop texts and the limit of tokens, from its settings and from a call", () =>
      using(async (server, endpoint) => {
        await endpoint({ maxTokens: 17, stop: ["\nEND"] }).invoke("?");
        expect(sent(server.requests[0]?.body as never)).toMatchObject({
          maxTokens: 17,
          stop: expect.arrayContaining(["\nEND"]),
        });
        await endpoint({ maxTokens: 17 }).invoke("?", { stop: ["###"], maxTokens: 5 } as object);
        expect(sent(server.requests[1]?.body as never)).toMatchObject({
          maxTokens: 5,
          stop: expect.arrayContaining(["###"]),
        });
      }));

    it("repeats what may pass, and says so", () =>
      using(async (server, endpoint) => {
        for (const status of [429, 500, 503]) {
          server.fail(refused(status));
          const before = server.requests.length;
          const answer = await endpoint({ maxRetries: 1 }).invoke("?");
          expect(answer.text).toBe(text);
          expect(server.requests.length - before).toBe(2);
          expect(answer.response_metadata).toMatchObject({ requests: 2, notes: [{ code: "retried" }] });
          server.fail(refused(status));
          const whole = joined(await collect(endpoint({ maxRetries: 1 })));
          expect([whole.text, whole.response_metadata.requests]).toEqual([text, 2]);
        }
      }));

    it("gives up after its repetitions, and sends no more than it may", () =>
      using(async (server, endpoint) => {
        server.fail(refused(500), refused(500), refused(500));
        await failing(endpoint({ maxRetries: 1 }), "model-failed");
        expect(server.requests).toHaveLength(2);
        await failing(endpoint({ maxRetries: 0 }), "model-failed", true);
        expect(server.requests).toHaveLength(3);
        server.fail(refused(429, { "retry-after": "86400" }));
        await failing(endpoint({ maxRetries: 5 }), "model-failed");
        expect(server.requests).toHaveLength(4);
      }));

    it("does not repeat what is refused for good", () =>
      using(async (server, endpoint) => {
        for (const [status, code] of [
          [401, "service-refused"],
          [403, "service-refused"],
          [404, "not-found"],
          [400, "model-failed"],
        ] as const) {
          for (const streamed of [false, true]) {
            server.fail(refused(status));
            const before = server.requests.length;
            const error = await failing(endpoint({ maxRetries: 3 }), code, streamed);
            expect(server.requests.length - before).toBe(1);
            expect(statusOf(error)).toBe(status);
          }
        }
      }));

    it("sends what a view of it says: a lower limit, and no repetitions of its own", () =>
      using(async (server, endpoint) => {
        const model = endpoint({ maxTokens: 400, maxRetries: 2 });
        const view: BaseChatModel = Object.create(model, { maxTokens: { value: 9 }, maxRetries: { value: 0 } });
        expect((await view.invoke("?")).text).toBe(text);
        expect(joined(await collect(view)).text).toBe(text);
        for (const { body } of server.requests) expect(sent(body as never).maxTokens).toBe(9);
        server.fail(refused(429));
        const error = await failing(view, "model-failed", true);
        expect(statusOf(error)).toBe(429);
        expect(server.requests).toHaveLength(3);
        await model.invoke("?");
        expect(sent(server.requests[3]?.body as never).maxTokens).toBe(400);
      }));

    it.skipIf(!wakes)("waits for a server that wakes up", () =>
      using(async (server, endpoint) => {
        server.fail(refused(503), refused(502));
        const answer = await endpoint({ maxRetries: 0, coldStartMs: 20_000 }).invoke("?");
        expect(answer.text).toBe(text);
        expect(answer.response_metadata).toMatchObject({ requests: 3, notes: [{ code: "x-cold-start" }] });
      }),
    );

    it("tells an unreachable server", async () => {
      const server = await serve();
      await server.close();
      await failing(make({ baseURL: server.baseURL, apiKey: key, maxRetries: 0 }), "model-failed");
    });

    it("times out on silence, before the answer and in the middle, once", () =>
      using(async (server, endpoint) => {
        server.fail({ kind: "silent" }, { kind: "silent" }, { kind: "stalls" });
        await failing(endpoint({ timeoutMs: 60, maxRetries: 2 }), "timed-out");
        await failing(endpoint({ timeoutMs: 60, maxRetries: 2 }), "timed-out", true);
        await failing(endpoint({ timeoutMs: 60, maxRetries: 2 }), "timed-out", true);
        expect(server.requests).toHaveLength(3);
        await closed(server);
      }));

    it("closes the socket when the caller leaves: before, while waiting, in mid-stream, by abort and by break", () =>
      using(async (server, endpoint) => {
        const gone = new Error("the caller has gone");
        await expect(endpoint().invoke("?", { signal: AbortSignal.abort(gone) })).rejects.toThrow();
        expect(server.requests).toHaveLength(0);
        server.fail({ kind: "silent" }, { kind: "stalls" }, { kind: "stalls" });
        const waiting = new AbortController();
        const asked = endpoint().invoke("?", { signal: waiting.signal });
        await until(() => server.open === 1);
        waiting.abort(gone);
        await expect(asked).rejects.toThrow();
        await closed(server);
        const streaming = new AbortController();
        const heard = (async () => {
          for await (const chunk of await endpoint().stream("?", { signal: streaming.signal })) {
            if (chunk.text !== "") streaming.abort(gone);
          }
        })();
        await expect(heard).rejects.toThrow();
        await closed(server);
        for await (const chunk of await endpoint().stream("?")) if (chunk.text !== "") break;
        await closed(server);
      }));

    it.each(["not-json", "empty"] as const)("an answer that is %s is a typed error", (kind) =>
      using(async (server, endpoint) => {
        server.fail({ kind }, { kind });
        await failing(endpoint(), "model-failed");
        await failing(endpoint(), "model-failed", true);
        expect(server.requests).toHaveLength(2);
      }),
    );

    it.each(["breaks-off", "ends-early"] as const)("a stream that %s is a typed error, never a short answer", (kind) =>
      using(async (server, endpoint) => {
        server.fail({ kind });
        await failing(endpoint(), "model-failed", true);
        expect(server.requests).toHaveLength(1);
      }),
    );

    it("answers without counting where the server does not count", () =>
      using(async (server, endpoint) => {
        server.fail({ kind: "uncounted" }, { kind: "uncounted" });
        const answer = await endpoint().invoke("?");
        expect([answer.text, usageOf(answer)]).toEqual([text, undefined]);
        const whole = joined(await collect(endpoint()));
        expect([whole.text, usageOf(whole)]).toEqual([text, undefined]);
      }));

    it("sends no more requests at once than it may", () =>
      using(async (server, endpoint) => {
        const model = endpoint({ maxConcurrency: 2 });
        const go = server.hold();
        const asked = Array.from({ length: 5 }, () => model.invoke("?"));
        await until(() => server.open === 2);
        const leaving = new AbortController();
        const left = model.invoke("?", { signal: leaving.signal });
        leaving.abort(new Error("the caller has gone"));
        await expect(left).rejects.toThrow();
        go();
        expect((await Promise.all(asked)).map((answer) => answer.text)).toEqual(Array(5).fill(text));
        expect([server.peak, server.requests.length]).toEqual([2, 5]);
      }));

    it.skipIf(!tools)("calls a tool, whole and streamed, and takes its result", () =>
      using(async (server, endpoint) => {
        const args = { query: "Wohin führt der Faden? 🧵" };
        server.say({ toolCall: { name: "search", args } });
        const model = endpoint().bindTools!([searchTool]);
        const whole = await model.invoke("?");
        const streamed = joined(await collect(model as unknown as BaseChatModel));
        expect(JSON.stringify(server.requests[0]?.body)).toContain("Looks something up.");
        for (const { tool_calls: calls = [] } of [whole, streamed]) {
          expect(calls).toMatchObject([{ name: "search", args, id: expect.stringMatching(/./) }]);
        }
        server.say({ text });
        const call = whole.tool_calls![0]!;
        const answer = await model.invoke([
          new HumanMessage("?"),
          new AIMessage({ content: "", tool_calls: [call] }),
          new ToolMessage({ content: "It leads out of the labyrinth.", tool_call_id: call.id!, name: "search" }),
        ]);
        expect(answer.text).toBe(text);
        expect(JSON.stringify(server.requests[2]?.body)).toContain("It leads out of the labyrinth.");
      }),
    );

    it("shows no key: not in errors, not when printed, not in what is serialised or traced", () =>
      using(async (server, endpoint) => {
        const traced: unknown[] = [];
        const hear = (...heard: unknown[]): void => void traced.push(...heard);
        const callbacks = [
          {
            handleChatModelStart: hear,
            handleLLMNewToken: hear,
            handleLLMEnd: hear,
            handleLLMError: hear,
            awaitHandlers: true,
          },
        ];
        const headers = { "x-secret": headerSecret };
        const model = endpoint({ headers, maxRetries: 1 });
        const shown: unknown[] = [model, traced];
        shown.push(await model.invoke("?", { callbacks }));
        shown.push(...(await collect(model, { callbacks })));
        for (const fault of [
          refused(401),
          refused(400),
          refused(500),
          refused(500),
          { kind: "not-json" },
          { kind: "empty" },
        ] as const) {
          server.fail(fault);
          await model.invoke("?", { callbacks }).catch((error: unknown) => shown.push(error));
        }
        server.fail({ kind: "silent" });
        await endpoint({ headers, timeoutMs: 40 })
          .invoke("?", { callbacks })
          .catch((error: unknown) => shown.push(error));
        await server.close();
        await model.invoke("?", { callbacks }).catch((error: unknown) => shown.push(error));
        expect(shown.length).toBeGreaterThan(8);
        for (const one of shown) {
          const texts = [
            inspect(one, { depth: 12, showHidden: true, maxArrayLength: 500 }),
            serialised(one),
            one instanceof Error ? `${one.stack} ${inspect(one.cause, { depth: 12, showHidden: true })}` : "",
            serialised(model.toJSON()),
          ];
          for (const secret of [key, headerSecret]) for (const seen of texts) expect(seen).not.toContain(secret);
        }
      }));
  });
}

/** Where whoever repeats requests looks for it. */
const statusOf = (error: Error): number | undefined => requestFailure(error, { now: () => 0 }).status;

// LangChain types usage_metadata as never under exactOptionalPropertyTypes
const usageOf = (message: object): { input_tokens: number; output_tokens: number } | undefined =>
  (message as { usage_metadata?: { input_tokens: number; output_tokens: number } }).usage_metadata;

async function collect(model: Pick<BaseChatModel, "stream">, config: object = {}): Promise<AIMessageChunk[]> {
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of await model.stream("?", config)) chunks.push(chunk);
  return chunks;
}

const joined = (chunks: readonly AIMessageChunk[]): AIMessageChunk =>
  chunks.reduce((whole, chunk) => whole.concat(chunk));

/** JSON of whatever there is, each object once. */
function serialised(value: unknown): string {
  const seen = new Set<unknown>();
  return (
    JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner !== "object" || inner === null) return inner;
      if (seen.has(inner)) return "(seen)";
      seen.add(inner);
      return inner instanceof Error
        ? { ...inner, message: inner.message, stack: inner.stack, cause: inner.cause }
        : inner;
    }) ?? ""
  );
}

/** Waits for what a test knows will come; the test's own limit ends it. */
async function until(true_: () => boolean): Promise<void> {
  while (!true_()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const closed = (server: EndpointServer): Promise<void> => until(() => server.open === 0);
