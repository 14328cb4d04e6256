// npm start                              the chat over the sample docs and orders: http://127.0.0.1:3210
// npm start -- --docs ./my-docs          over your own docs; --orders URL: your order service
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { Command, InvalidArgumentError } from "commander";
import { openDesk } from "./desk.js";
import { orderService } from "./order-service.js";
import { server } from "./server.js";
import { openSupport } from "./support.js";

const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const port = (value: string): number => {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new InvalidArgumentError("Not a port.");
  return Number(value);
};

const { docs, data, orders, model, ...options } = new Command("support")
  .option("--docs <dir>", "folder of product docs", here("sample/docs"))
  .option("--data <dir>", "folder for the index, the threads and the desk", here(".data"))
  .option("--orders <url>", "address of the order service (default: one over the sample orders)")
  .option("--model <kind:url#name>", "a served chat model that writes (default: none, docs are quoted)")
  .option("--port <n>", "port on this machine, 0 for any free one", port, 3210)
  .parse()
  .opts<{ docs: string; data: string; orders?: string; model?: string; port: number }>();

type Listening = ReturnType<typeof serve>;
const listen = (fetch: (request: Request) => Response | Promise<Response>, at: number) =>
  new Promise<[Listening, string]>((resolve, reject) => {
    const listening = serve({ fetch, port: at, hostname: "127.0.0.1" }, () =>
      resolve([listening, `http://127.0.0.1:${(listening.address() as AddressInfo).port}`]),
    );
    listening.once("error", reject);
  });

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

const open: Listening[] = [];
try {
  let service = orders;
  if (service === undefined) {
    const [listening, address] = await listen((await orderService(here("sample/orders.json"))).fetch, 0);
    open.push(listening);
    service = address;
  }
  const support = await openSupport({ docs, data, orders: service, model, signal: stopping.signal });
  try {
    const desk = await openDesk(join(data, "desk.jsonl"));
    const [listening, address] = await listen(server(support, desk).fetch, options.port);
    open.push(listening);
    console.log(`The chat: ${address}   The desk: ${address}/desk   Ctrl-C ends both.`);
    if (!stopping.signal.aborted) {
      await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve, { once: true }));
    }
  } finally {
    for (const listening of open.splice(0)) {
      listening.close();
      // streams would stay open for as long as somebody looks at them
      if ("closeAllConnections" in listening) listening.closeAllConnections();
    }
    await support.close();
  }
} catch (error) {
  for (const listening of open) listening.close();
  if (!stopping.signal.aborted) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
