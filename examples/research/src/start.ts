import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import type { OpenRuns } from "./open-runs.js";

/** A server that listens. */
export interface Started {
  /** Address of the page. */
  readonly url: string;
  /** Stops all runs, lets each stream say so, and closes. */
  stop(reason: string): Promise<void>;
}

/** Options of {@link start}. */
export interface StartOptions {
  app: Hono;
  runs: OpenRuns;
  host: string;
  /** 0 for any that is free. */
  port: number;
}

/** For a reader that does not read. */
const patienceMs = 2000;

/** Serves the app over HTTP. @throws Error where the port is taken */
export async function start({ app, runs, host, port }: StartOptions): Promise<Started> {
  const server = serve({ fetch: app.fetch, hostname: host, port }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  }).catch((cause: NodeJS.ErrnoException) => {
    const taken = cause.code === "EADDRINUSE" ? `Port ${port} is taken: choose another with --port.` : cause.message;
    throw new Error(taken, { cause });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}/`,
    stop: async (reason) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await runs.stopAll(reason);
      // connections that browsers keep open are closed as soon as nothing is said on them, the last after a moment
      const sweeping = setInterval(() => server.closeIdleConnections(), 20);
      const patience = setTimeout(() => server.closeAllConnections(), patienceMs);
      await closed;
      clearInterval(sweeping);
      clearTimeout(patience);
    },
  };
}
