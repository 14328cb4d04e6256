import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EndpointFault, EndpointRequest, EndpointSaying, EndpointServer } from "@clew/core/testing";
import type { Dialect, ModelAnswer, ModelCall } from "./dialect.js";

/** Options of {@link startModelServer}. */
export interface StartModelServerOptions {
  readonly dialect: Dialect;
  /** Behind the address, in the base URL. @default "" */
  readonly path?: string | undefined;
  /** What its model answers. @default what `say` was told */
  readonly answer?: ((call: ModelCall) => ModelAnswer) | undefined;
  /** @default any that is free */
  readonly port?: number | undefined;
}

/** A server on the loopback that speaks a protocol and answers as it is told. */
export interface ModelServer extends EndpointServer {
  /** All pages that were asked for, model calls among them, as `METHOD /path`. */
  readonly asked: readonly string[];
  readonly port: number;
}

/** Starts a server that speaks a dialect, with every fault of the endpoint contract. Whoever starts it closes it. */
export async function startModelServer({
  dialect,
  path = "",
  answer,
  port = 0,
}: StartModelServerOptions): Promise<ModelServer> {
  const requests: EndpointRequest[] = [];
  const asked: string[] = [];
  const faults: EndpointFault[] = [];
  let saying: EndpointSaying = { text: "Yes." };
  let bytes = Number.POSITIVE_INFINITY;
  let held: Promise<void> = Promise.resolve();
  let open = 0;
  let peak = 0;

  const encoded = (frame: string): Uint8Array => dialect.encode?.(frame) ?? Buffer.from(frame);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const where = new URL(request.url ?? "/", "http://local").pathname;
    asked.push(`${request.method} ${where}`);
    const body: unknown = parsed(await bodyOf(request));
    const call = dialect.understand(where, body);
    if (call === undefined) {
      const page = dialect.page(where, body);
      send(response, page === undefined ? 404 : 200, page ?? dialect.refusal(404, `there is no ${where}`));
      return;
    }
    requests.push({ path: request.url ?? "", headers: request.headers, body });
    const fault = faults.shift();
    await held;
    if (fault?.kind === "silent") return;
    if (fault?.kind === "status") {
      const { status, headers = {} } = fault;
      // a careless server repeats what it was sent
      const echo = `refused; you sent ${request.headers.authorization ?? request.headers["api-key"] ?? "no key"}`;
      send(response, status, dialect.refusal(status, echo), headers);
      return;
    }
    if (fault?.kind === "not-json") {
      response.writeHead(200, { "content-type": call.streamed ? dialect.contentType : "application/json" });
      response.end(
        dialect.contentType.includes("event-stream") ? "data: <html>busy</html>\n\n" : "<html>busy</html>\n",
      );
      return;
    }
    const told = answer?.(call) ?? saying;
    if ("refused" in told) {
      send(response, told.refused, dialect.refusal(told.refused, told.message));
      return;
    }
    const said = fault?.kind === "uncounted" ? { ...told, counted: false } : told;
    const isEmpty = fault?.kind === "empty";
    if (!call.streamed || ("unstreamed" in said && said.unstreamed === true)) {
      send(response, 200, isEmpty ? dialect.empty(call).whole : dialect.whole(said, call));
      return;
    }
    response.writeHead(200, { "content-type": dialect.contentType });
    const frames = isEmpty ? dialect.empty(call).frames : dialect.frames(said, call);
    const half = frames.slice(0, Math.max(1, Math.floor(frames.length / 2)));
    const isBroken = fault?.kind === "stalls" || fault?.kind === "breaks-off" || fault?.kind === "ends-early";
    await write(response, (isBroken ? half : frames).map(encoded), bytes);
    if (fault?.kind === "breaks-off") response.destroy();
    else if (fault?.kind !== "stalls") response.end();
  };

  const server = createServer((request, response) => {
    let counted = true;
    open += 1;
    peak = Math.max(peak, open);
    response.on("close", () => {
      if (counted) open -= 1;
      counted = false;
    });
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    baseURL: `http://127.0.0.1:${bound}${path}`,
    port: bound,
    requests,
    asked,
    get open() {
      return open;
    },
    get peak() {
      return peak;
    },
    say: (next) => {
      saying = next;
    },
    fail: (...next) => void faults.push(...next),
    cutEvery: (count) => {
      bytes = count;
    },
    hold: () => {
      let go: () => void = () => undefined;
      held = new Promise((resolve) => {
        go = resolve;
      });
      return go;
    },
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Frame by frame, or in pieces of so many bytes. */
async function write(response: ServerResponse, frames: readonly Uint8Array[], bytes: number): Promise<void> {
  const whole = Buffer.concat(frames);
  const pieces =
    bytes === Number.POSITIVE_INFINITY
      ? frames
      : Array.from({ length: Math.ceil(whole.length / bytes) }, (_, at) =>
          whole.subarray(at * bytes, (at + 1) * bytes),
        );
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // a GET has no body
    return undefined;
  }
}
