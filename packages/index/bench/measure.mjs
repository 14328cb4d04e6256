// node bench/measure.mjs CORPUS.jsonl [COPIES]: sync, open and search figures over the passages of a BEIR corpus
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { scope } from "@clew/core";
import { openIndex } from "../dist/index.js";
import { codeArena } from "../dist/scan/code-arena.js";

const [corpus, copies = "1"] = process.argv.slice(2);
const dimensions = 384;

// a seeded embedder with no cost: its vectors are spread like those of a real one, with a common part
const fingerprint = {
  id: "bench",
  dimensions,
  pooling: "mean",
  normalised: true,
  queryPrefix: "",
  documentPrefix: "",
  maxTokens: 512,
};
const embedOne = (text) => {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  const vector = new Float32Array(dimensions);
  let squares = 0;
  for (let i = 0; i < dimensions; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    vector[i] = state / 2 ** 31 + (i % 7 === 0 ? 0.4 : 0);
    squares += vector[i] ** 2;
  }
  for (let i = 0; i < dimensions; i++) vector[i] /= Math.sqrt(squares);
  return vector;
};
const usage = { calls: 0, inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: 0, ms: 0 };
let embedMs = 0;
const embed = async (texts) => {
  const since = performance.now();
  const vectors = texts.map(embedOne);
  embedMs += performance.now() - since;
  return { vectors, usage, notes: [] };
};
const embedder = {
  fingerprint,
  tokenCounter: async () => (text) => Math.ceil(text.length / 5),
  embedDocuments: embed,
  embedQuery: (text) => embed([text]),
  close: async () => {},
};

const rows = readFileSync(corpus, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const sources = Array.from({ length: Number(copies) }, (_, copy) =>
  rows.map(({ _id, title, text }) => ({ id: `${_id}-${copy}`, title, text: copy === 0 ? text : `${text} ${copy}` })),
).flat();
const inputs = sources.map(({ id, title, text }) => ({
  id,
  version: "1",
  read: async () => ({
    text: {
      source: { id, title, mediaType: "text/plain", version: "1", metadata: { bench: true } },
      text,
      pages: [],
      headings: [],
    },
    notes: [],
  }),
}));
const queries = rows.filter((_, index) => index % 61 === 0).map(({ text }) => text.split(" ").slice(3, 12).join(" "));
const tenant = scope("bench");
const path = mkdtempSync(join(tmpdir(), "clew-bench-"));
const quantile = (times, share) => [...times].sort((a, b) => a - b)[Math.floor(times.length * share)];
const timed = async (work) => {
  await new Promise(setImmediate); // a turn of the loop, or the queries in a row would look like one long block
  const since = performance.now();
  const result = await work();
  return [performance.now() - since, result];
};
const memory = async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers + codeArena.used; // which is shared memory, counted nowhere else
};

try {
  let index = await openIndex(path, { embedder });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [syncMs, report] = await timed(() => index.sync(tenant, inputs));
  const passages = report.passages.added;
  console.log(
    `sync: ${passages} passages of ${sources.length} sources in ${syncMs.toFixed(0)} ms, of which ${embedMs.toFixed(0)} ms embedder; longest block ${(delay.max / 1e6).toFixed(0)} ms`,
  );
  const [againMs] = await timed(() => index.sync(tenant, inputs));
  console.log(`sync again, unchanged: ${againMs.toFixed(0)} ms`);
  await index.close();
  console.log(`disk: ${(statSync(join(path, "data.mdb")).size / passages).toFixed(0)} bytes a passage`);

  const before = await memory();
  delay.reset();
  const [openMs] = await timed(async () => {
    index = await openIndex(path, { embedder });
    await index.in(tenant).read((snapshot) => snapshot.lexical({ text: queries[0] }, { k: 10 }));
  });
  console.log(
    `open and first lexical answer: ${openMs.toFixed(0)} ms; longest block ${(delay.max / 1e6).toFixed(0)} ms`,
  );
  console.log(
    `memory: ${(((await memory()) - before) / passages).toFixed(0)} bytes a passage${globalThis.gc ? "" : " (run with --expose-gc)"}`,
  );
  const vectors = queries.map(embedOne);
  await new Promise((resolve) => setTimeout(resolve, 50));
  delay.reset();
  for (const k of [10, 100]) {
    for (const leg of ["lexical", "dense"]) {
      const times = [];
      for (const [at, text] of queries.entries()) {
        times.push(
          (
            await timed(() => index.in(tenant).read((snapshot) => snapshot[leg]({ text, vector: vectors[at] }, { k })))
          )[0],
        );
      }
      console.log(
        `${leg}, k ${k}: p50 ${quantile(times, 0.5).toFixed(2)} ms, p95 ${quantile(times, 0.95).toFixed(2)} ms over ${times.length} queries`,
      );
    }
  }
  console.log(`longest block ${(delay.max / 1e6).toFixed(0)} ms`);
  const [editMs] = await timed(() => index.sync(tenant, [{ ...inputs[0], version: "2" }]));
  const [readMs] = await timed(() =>
    index.in(tenant).read((snapshot) => snapshot.lexical({ text: queries[1] }, { k: 10 })),
  );
  console.log(`edit of one source: sync ${editMs.toFixed(0)} ms, next search ${readMs.toFixed(1)} ms`);
  await index.close();
} finally {
  rmSync(path, { recursive: true, force: true });
}
