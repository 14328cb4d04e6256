import { describe, expect, it } from "vitest";
import { builtEntry, runChild } from "./testing/run-child.js";

/** Opens an index of 17 MB of codes, searches it with a helper, and compares with every dot product. */
const program = `
const { memoryIndex } = await import("${builtEntry}");
const { scanPool } = await import("${new URL("./scan/scan-pool.js", builtEntry).href}");
const { scope } = await import("@clew/core");
const [size, dimensions] = [2100, 8192];
const usage = { calls: 0, inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: 0, ms: 0 };
const vectorOf = (text) => {
  let state = Number(text.match(/\\d+/)[0]) + 1;
  const vector = new Float32Array(dimensions);
  for (let i = 0; i < dimensions; i++) vector[i] = (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 36;
  return vector;
};
const embed = async (texts) => ({ vectors: texts.map(vectorOf), usage, notes: [] });
const embedder = {
  fingerprint: { id: "seeded", dimensions, pooling: "mean", normalised: false, queryPrefix: "", documentPrefix: "", maxTokens: 512 },
  tokenCounter: async () => (text) => text.length,
  embedDocuments: embed,
  embedQuery: (text) => embed([text]),
  close: async () => {},
};
const sources = Array.from({ length: size }, (_, at) => ({
  id: "s" + at,
  version: "1",
  read: async () => ({
    text: { source: { id: "s" + at, title: "", mediaType: "text/plain", version: "1", metadata: {} }, text: "text " + at, pages: [], headings: [] },
    notes: [],
  }),
}));
const acme = scope("acme");
const query = vectorOf("text 99999");
const dot = (a, b) => {
  let sum = 0;
  for (let i = 0; i < dimensions; i++) sum += a[i] * b[i];
  return sum;
};
const search = (index) => index.in(acme).read(async (snapshot) =>
  (await snapshot.dense({ text: "", vector: query }, { k: 30 })).hits.map(({ passage, score }) => [passage.source, score]));
const [other, index] = [memoryIndex({ embedder }), memoryIndex({ embedder, threads: 2 })];
await index.sync(acme, sources);
const scored = sources.map(({ id }) => [id, dot(vectorOf("text " + id.slice(1)), query)]);
const expected = JSON.stringify(scored.sort((a, b) => b[1] - a[1]).slice(0, 30));
const sizes = [scanPool.size];
for (let round = 0; round < 30; round++) {
  if (JSON.stringify(await search(index)) !== expected) throw new Error("another answer");
  await new Promise(setImmediate);
}
sizes.push(scanPool.size);
await other.close();
sizes.push(scanPool.size);
if (process.argv.at(-1) === "close") {
  await index.close();
  sizes.push(scanPool.size);
}
console.log(JSON.stringify(sizes));
`;

describe("threads", () => {
  it("answers the same with a helper; one that idles does not hold the process open", async () => {
    const { code, stdout, stderr } = await runChild(program);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "[0,1,1]\n", stderr: "" });
  });

  it("ends them when the last index is closed", async () => {
    const { code, stdout, stderr } = await runChild(program, ["close"]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "[0,1,1,0]\n", stderr: "" });
  });
});
