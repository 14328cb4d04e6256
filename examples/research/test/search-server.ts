import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Options of {@link searchServer}. */
export interface SearchServerOptions {
  results: readonly object[];
  /** What goes wrong with the request of this number, from 0. @default nothing */
  fault?: (index: number, response: ServerResponse) => boolean;
}

/** A web search on this machine, as SearXNG answers; closed when the test ends. */
export async function searchServer({ results, fault = () => false }: SearchServerOptions) {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url!, "http://127.0.0.1"));
    if (fault(asked.length - 1, response)) return;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ results }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
