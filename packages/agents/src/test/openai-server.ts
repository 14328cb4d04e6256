import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, as far as tests look at it. */
export interface ChatBody {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly response_format?: { readonly type: string };
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
}

/** How a server misbehaves. */
export type Fault =
  /** Answers with a status that is no success. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly code?: string }
  /** Accepts the request and never answers. */
  | "silent"
  /** Sends a part and nothing more. */
  | "stalls"
  /** Ends the stream in its middle, as if that were its end. */
  | "half-closed"
  /** Cuts the connection: at once, or in the middle. */
  | "reset"
  | "reset-midway"
  /** Cuts the bytes of characters between chunks. */
  | "split-utf8"
  /** An event that is no JSON; an answer that is a web page. */
  | "broken-event"
  | "web-page"
  | "empty-choices"
  /** Refuses in words; is stopped by its filter. */
  | "refusal"
  | "filtered"
  /** Calls the tool with arguments of another form; calls another tool. */
  | "wrong-arguments"
  | "wrong-tool"
  /** Ten megabytes. */
  | "huge"
  /** Does not say what it counted. */
  | "no-usage";

/** Options of {@link openAiServer}. */
export interface OpenAiServerOptions {
  /** What a wise model says: an object for a decision, text for a draft. */
  readonly answer: (body: ChatBody) => object | string;
  /** What goes wrong with the request of this number, from 0. @default nothing */
  readonly fault?: (index: number, body: ChatBody) => Fault | undefined;
}

/** A server on this machine. */
export interface OpenAiServer {
  readonly url: string;
  /** Every request so far. */
  readonly bodies: readonly ChatBody[];
  /** Their headers. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** How many began to arrive. */
  requests(): number;
  close(): Promise<void>;
}

/** A server that streams chat completions as OpenAI's does, and misbehaves as it is told. */
export async function openAiServer({ answer, fault = () => undefined }: OpenAiServerOptions): Promise<OpenAiServer> {
  const bodies: ChatBody[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let requests = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const body = JSON.parse(await textOf(request)) as ChatBody;
    bodies.push(body);
    headers.push(request.headers);
    await respond(response, answer(body), body, fault(bodies.length - 1, body));
  };
  const server = createServer((request, response) => {
    // a client that leaves in the middle of its request has nothing to be told
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    headers,
    requests: () => requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function respond(
  response: ServerResponse,
  said: object | string,
  body: ChatBody,
  fault: Fault | undefined,
): Promise<void> {
  if (typeof fault === "object") {
    const error = { message: `status ${fault.status}`, ...(fault.code === undefined ? {} : { code: fault.code }) };
    response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
    response.end(JSON.stringify({ error }));
    return;
  }
  if (fault === "silent") return;
  if (fault === "reset") {
    response.destroy();
    return;
  }
  if (fault === "web-page") {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Bad gateway</html>");
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const write = async (bytes: Buffer | string): Promise<void> => {
    if (response.destroyed) return;
    if (!response.write(bytes)) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          response.off("drain", done).off("close", done);
          resolve();
        };
        response.on("drain", done).on("close", done);
      });
    }
  };
  const event = (choices: unknown[], usage: object | null = null): string =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "local", choices, usage })}\n\n`;
  const delta = (fields: object, finish: string | null = null): string =>
    event([{ index: 0, delta: fields, finish_reason: finish }]);
  if (fault === "empty-choices") {
    await write(event([]));
    response.end("data: [DONE]\n\n");
    return;
  }
  await write(delta({ role: "assistant", content: "" }));
  if (fault === "refusal") {
    await write(delta({ refusal: "I will not." }));
    await write(delta({}, "stop"));
    response.end("data: [DONE]\n\n");
    return;
  }
  if (fault === "huge") {
    const piece = delta({ content: "never ending words ".repeat(3450) });
    for (let sent = 0; sent < 10 * 2 ** 20 && !response.destroyed; sent += piece.length) await write(piece);
  }
  const tool = fault === "wrong-tool" ? "rm_rf" : body.tools?.[0]?.function.name;
  const given = fault === "wrong-arguments" && typeof said === "object" ? { wrong: [1, "2"] } : said;
  const text = typeof given === "string" ? given : JSON.stringify(given);
  for (let at = 0; at < text.length; at += 7) {
    const piece = text.slice(at, at + 7);
    const call = {
      index: 0,
      ...(at === 0 ? { id: "t1", type: "function" } : {}),
      function: { ...(at === 0 ? { name: tool } : {}), arguments: piece },
    };
    const sent = delta(body.tools === undefined ? { content: piece } : { tool_calls: [call] });
    if (fault === "split-utf8") {
      for (const byte of Buffer.from(sent)) await write(Buffer.from([byte]));
    } else await write(sent);
    const middle = at >= text.length / 2;
    if (fault === "stalls" && middle) return;
    if (fault === "half-closed" && middle) {
      response.end();
      return;
    }
    if (fault === "reset-midway" && middle) {
      await new Promise((resolve) => setTimeout(resolve, 20)); // what was written is on its way
      response.destroy();
      return;
    }
    if (fault === "broken-event" && middle) await write("data: {not json\n\n");
  }
  const end = body.tools === undefined ? "stop" : "tool_calls";
  await write(delta({}, fault === "filtered" ? "content_filter" : end));
  if (fault !== "no-usage") {
    await write(event([], { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 }));
  }
  response.end("data: [DONE]\n\n");
}
