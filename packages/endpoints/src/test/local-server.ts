import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every form
  readonly body: any;
  /** Position among the requests, from 1. */
  readonly nth: number;
  /** Settles when the connection has gone. */
  readonly gone: Promise<void>;
}

/** A real server on this machine. */
export interface LocalServer {
  readonly baseURL: string;
  readonly port: number;
  readonly arrived: Arrived[];
  close(): Promise<void>;
}

const open: LocalServer[] = [];

/** Starts a server that answers as the test says; it is closed after the test. */
export async function serve(
  answer: (arrived: Arrived, response: ServerResponse) => unknown,
  port = 0,
): Promise<LocalServer> {
  const arrived: Arrived[] = [];
  const server: Server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString("utf8");
    const one: Arrived = {
      method: request.method!,
      path: request.url!,
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
      nth: arrived.length + 1,
      gone: new Promise((resolve) => response.on("close", () => resolve())),
    };
    arrived.push(one);
    response.socket?.setNoDelay(true);
    await answer(one, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const used = (server.address() as AddressInfo).port;
  const local: LocalServer = {
    baseURL: `http://127.0.0.1:${used}`,
    port: used,
    arrived,
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  open.push(local);
  return local;
}

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
