// Another process: it gets a folder of traces, and prints the answers that it rebuilds, a line each: run, then JSON.
import { fileTraces, replay, scope, verifyTraceFiles } from "../../dist/index.js";

const [folder, tenant] = process.argv.slice(2);
globalThis.fetch = () => Promise.reject(new Error("there is no network"));
for (const { path, check } of await verifyTraceFiles(folder)) {
  if (check.code !== "intact") throw new Error(`${path}: ${check.code}`);
}
const [who, traces] = [scope(tenant), fileTraces(folder)];
for await (const run of traces.list(who)) {
  process.stdout.write(`${run} ${JSON.stringify(await replay(await traces.read(who, run)))}\n`);
}
