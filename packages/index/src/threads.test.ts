import { describe, expect, it } from "vitest";
import { builtEntry, runChild } from "./testing/run-child.js";

/** Opens an index with 2,300 passages of 2,048 dimensions and searches it alone and with a helper. */
const program = `
const { memoryIndex } = await import("${builtEntry}");
const { scanPool } = await import("${new URL("./scan/scan-pool.js", builtEntry).href}");
const { scope } = await import("@clew/core");
const dimensions = 2048;
const usage = { calls: 0, inputTokens: 0, outputTokens: 0, cachedTokens: 0, usd: 0, ms: 0 };
const vectorOf = (text) => {
  let state = Number(text.match(/\\d+/)[0]) + 1;
  return Float32Array.from({ length: dimensions }, () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 36);
};
const embed = async (texts) => ({ vectors: texts.map(vectorOf), usage, notes: [] });
const embedder = {
  fingerprint: { id: "seeded", dimensions, pooling: "mean", normalised: false, queryPrefix: "", documentPrefix: "", maxTokens: 512 },
  tokenCounter: async () => (text) => text.length,
  embedDocuments: embed,
  embedQuery: (text) => embed([text]),
  close: async () => {},
};
const sources = Array.from({ length: 2300 }, (_, at) => ({
  id: "s" + at,
  version: "1",
  read: async () => ({
    text: { source: { id: "s" + at, title: "", mediaType: "text/plain", version: "1", metadata: {} }, text: "text " + at, pages: [], headings: [] },
    notes: [],
  }),
}));
const acme = scope("acme");
const search = (index) => index.in(acme).read(async (snapshot) =>
  (await snapshot.dense({ text: "text 99999" }, { k: 30 })).hits.map(({ passage, score }) => [passage.id, score]));
const open = async (threads) => {
  const index = memoryIndex({ embedder, threads });
  await index.sync(acme, sources);
  return index;
};
const [alone, helped] = [await open(1), await open(2)];
const expected = JSON.stringify(await search(alone));
const sizes = [scanPool.size];
for (let round = 0; round < 50; round++) {
  if (JSON.stringify(await search(helped)) !== expected) throw new Error("another answer");
  await new Promise(setImmediate);
}
sizes.push(scanPool.size);
await alone.close();
sizes.push(scanPool.size);
if (process.argv.at(-1) === "close") {
  await helped.close();
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
