import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError } from "./api-error.js";
import { readChatRequest } from "./chat-request.js";
import { completionBody, eventStream } from "./chat-response.js";
import type { CompletionEngine } from "./completion-engine.js";
import { oneAtATime } from "./one-at-a-time.js";
import { planCompletion } from "./plan-completion.js";

/** Options of {@link serveChat}. */
export interface ServeChatOptions {
  /** @default 0: any free one */
  readonly port?: number | undefined;
  /** Most tokens of an answer where the request sets none. @default 512 */
  readonly defaultMaxTokens?: number | undefined;
  /** Milliseconds since 1970. @default the system's clock */
  readonly now?: (() => number) | undefined;
}

/** A server that listens. */
export interface ChatServer {
  /** What a client takes as its base address: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** Requests that wait for their turn. */
  readonly waiting: number;
  /** Whether the engine works on a request. */
  readonly busy: boolean;
  /** Completions that came to their end. */
  readonly completed: number;
  /** Completions that their client gave up. */
  readonly abandoned: number;
  /** Ends open connections, waits for the engine to let go, and closes it. */
  close(): Promise<void>;
}

const maxBodyBytes = 4_000_000;

/**
 * Serves an engine on 127.0.0.1 in the manner of OpenAI's interface: `POST /v1/chat/completions`, whole or as server-sent events, and
 * `GET /v1/models`. Requests are worked on one at a time, in their order; one whose client has gone stops, or never begins.
 * Fields and values that it does not know are refused with status 400.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export async function serveChat(
  engine: CompletionEngine,
  { port = 0, defaultMaxTokens = 512, now = Date.now }: ServeChatOptions = {},
): Promise<ChatServer> {
  const queue = oneAtATime();
  const open = new Set<Promise<void>>();
  let ordinal = 0;
  let completed = 0;
  let abandoned = 0;

  async function complete(body: string, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const chat = readChatRequest(body);
    checkModel(chat.model, engine);
    const planned = planCompletion(chat, { defaultMaxTokens });
    ordinal += 1;
    const head = { id: `chatcmpl-${ordinal}`, created: Math.floor(now() / 1000), model: chat.model };
    const includeUsage = chat.stream_options?.include_usage ?? false;
    const events =
      chat.stream === true ? eventStream(response, { head, streams: planned.streams, includeUsage }) : undefined;
    const completion = await queue.run(
      () => engine.complete(planned.request, { signal, onText: (text) => events?.text(text) }),
      signal,
    );
    completed += 1;
    const reply = planned.read(completion.text);
    if (events === undefined) sendJson(response, 200, completionBody(head, reply, completion));
    else events.end(reply, completion);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) gone.abort(new ApiError("The client closed the connection.", { status: 499 }));
    });
    try {
      const path = request.url?.split("?")[0];
      if (path === "/v1/models" && request.method === "GET") {
        const data = engine.models.map((id) => ({ id, object: "model", created: 0, owned_by: "local" }));
        sendJson(response, 200, { object: "list", data });
      } else if (path === "/v1/chat/completions" && request.method === "POST") {
        await complete(await bodyOf(request), response, gone.signal);
      } else {
        throw new ApiError(`There is no ${request.method} ${path}.`, { status: 404, code: "unknown_url" });
      }
    } catch (error) {
      if (gone.signal.aborted) abandoned += 1;
      else sendError(response, error);
    }
  }

  const server = createServer((request, response) => {
    const work = answer(request, response).finally(() => open.delete(work));
    open.add(work);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get waiting() {
      return queue.waiting;
    },
    get busy() {
      return queue.running;
    },
    get completed() {
      return completed;
    },
    get abandoned() {
      return abandoned;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.all(open);
      await engine.close();
    },
  };
}

function checkModel(model: string, { models }: CompletionEngine): void {
  if (models.includes(model)) return;
  throw new ApiError(`There is no model "${model}"; there is ${models.join(", ")}.`, {
    status: 404,
    code: "model_not_found",
    param: "model",
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > maxBodyBytes) throw new ApiError(`The body is above ${maxBodyBytes} bytes.`, { status: 413 });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError((error as Error)?.message ?? String(error), { status: 500, cause: error });
  // behind the first event the status is gone: the error is an event, and the stream ends without its [DONE]
  if (response.headersSent) response.end(`data: ${JSON.stringify(known)}\n\n`);
  else sendJson(response, known.status, known.toJSON());
}
