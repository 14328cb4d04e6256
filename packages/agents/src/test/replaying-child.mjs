// Another process: it gets the JSONL and the texts of a trace on its standard input, and prints the answer.
import { parseTrace } from "@clew/core";
import { replay } from "../../dist/index.js";

const parts = [];
for await (const part of process.stdin) parts.push(part);
const { jsonl, texts } = JSON.parse(Buffer.concat(parts).toString("utf8"));
globalThis.fetch = () => Promise.reject(new Error("there is no network"));
process.stdout.write(JSON.stringify(await replay(parseTrace(jsonl, texts))));
