import { once } from "node:events";
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, seededRandom, sourceInput } from "@clew/core/testing";
import { expect, it } from "vitest";
import { eraseSource } from "./erase-source.js";
import { openIndex } from "./open-index.js";
import { TenantKeys } from "./records/keys.js";
import { lmdbStore } from "./store/lmdb-store.js";
import { bytesIn } from "./testing/bytes-in.js";
import { inspectIndexBuilt } from "./testing/inspect-built.js";
import { builtEntry, startChild } from "./testing/run-child.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

const acme = scope("acme");
const words = ["Quillfeather", "Zyxthorpe", "zyxthorp"];
const secret = sourceInput({
  id: "secret",
  title: "Zyxthorpe",
  text: Array.from({ length: 40 }, (_, at) => `Quillfeather paid ${at} to Zyxthorpe.`).join("\n\n"),
});
const open = (path: string) => openIndex(path, { embedder: hashEmbedder(), splitter: paragraphSplitter() });
const left = (path: string): string[] => {
  const bytes = bytesIn(path);
  return words.filter((word) => bytes.includes(word));
};
const others = (round: number) =>
  Array.from({ length: 30 }, (_, at) => sourceInput({ id: `o${at}`, text: `kept ${at}\n\nround ${round} of ${at}` }));

const preamble = `
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInput } from "@clew/core/testing";
const { openIndex } = await import(${JSON.stringify(builtEntry)});
const acme = scope("acme");
const index = await openIndex(process.argv[1], { embedder: hashEmbedder(), splitter: paragraphSplitter() });
`;

it("waits for a search of another process that began before; where it does not end, it says so and keeps that search whole", async () => {
  const path = temporaryDirectory();
  const index = await open(path);
  await index.sync(acme, [...others(0), secret]);
  await index.close();
  const reader = startChild(
    `${preamble}
const ended = new Promise((resolve) => process.once("SIGUSR2", resolve));
const timer = setInterval(() => undefined, 1000);
await index.in(acme).read(async (snapshot) => {
  process.stdout.write("held ");
  await ended;
  process.stdout.write((await snapshot.sourceText("secret")).text.slice(0, 12));
});
clearInterval(timer);
await index.close();
`,
    [path],
  );
  let said = "";
  reader.stdout!.on("data", (text) => {
    said += text;
  });
  await once(reader.stdout!, "data");
  const store = lmdbStore({ path, readOnly: false });
  const erase = (waitMs: number) =>
    eraseSource({
      store,
      keys: new TenantKeys("acme"),
      tenant: "acme",
      name: path,
      request: { source: "secret", passages: [] },
      waitMs,
    });
  const [held] = await erase(100);
  expect(held).toMatchObject({
    removed: { sources: 1, passages: 40 },
    notes: [{ code: "not-erased", detail: { processes: [reader.pid] } }],
  });
  expect(left(path)).not.toEqual([]);
  // it ends while the second one waits
  const waiting = erase(60_000);
  reader.kill("SIGUSR2");
  expect((await waiting)[0]).toMatchObject({ removed: { sources: 0, passages: 0 }, notes: [] });
  if (reader.exitCode === null) await once(reader, "close");
  expect(said).toBe("held Quillfeather");
  expect(left(path)).toEqual([]);
  await store.close();
  expect(await inspectIndexBuilt(path)).toMatchObject({ status: "whole" });
}, 120_000);

it("goes on while another process writes without a pause, and neither harms the other", async () => {
  const path = temporaryDirectory();
  const index = await open(path);
  await index.sync(acme, [...others(0), secret]);
  const writer = startChild(
    `${preamble}
let stopped = false;
process.once("SIGUSR2", () => { stopped = true; });
for (let round = 1; !stopped; round++) {
  await index.sync(acme, Array.from({ length: 30 }, (_, at) => sourceInput({ id: "o" + at, text: "kept " + at + "\\n\\nround " + round + " of " + at })));
  if (round === 2) process.stdout.write("writing");
}
await index.close();
`,
    [path],
  );
  let stderr = "";
  writer.stderr!.on("data", (text) => {
    stderr += text;
  });
  await once(writer.stdout!, "data");
  const [place] = await index.erase(acme, { source: "secret", passages: [] });
  expect(place).toMatchObject({ removed: { sources: 1 }, notes: [] });
  expect(left(path)).toEqual([]);
  writer.kill("SIGUSR2");
  if (writer.exitCode === null) await once(writer, "close");
  expect(stderr).toBe("");
  expect(left(path)).toEqual([]);
  expect(await index.sources(acme)).toHaveLength(30);
  const { hits } = await index.in(acme).read((snapshot) => snapshot.dense({ text: "kept" }, { k: 100 }));
  expect(hits).toHaveLength(60);
  await index.close();
  expect(await inspectIndexBuilt(path)).toMatchObject({ status: "whole" });
}, 120_000);

it("after kill -9 at 8 moments of an erasure the index is whole, and erasing again leaves no byte", async () => {
  const random = seededRandom(11);
  const path = temporaryDirectory();
  for (let round = 0; round < 8; round++) {
    const index = await open(path);
    await index.sync(acme, [...others(round), secret]);
    await index.close();
    const child = startChild(
      `${preamble}
process.stdout.write("begun");
await index.erase(acme, { source: "secret", passages: [] });
process.stdout.write("done");
await new Promise((resolve) => setTimeout(resolve, 60000));
`,
      [path],
    );
    await once(child.stdout!, "data");
    // the whole erasure takes some 20 to 200 ms
    await new Promise((resolve) => setTimeout(resolve, random() * random() * 150));
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    expect(await inspectIndexBuilt(path)).toMatchObject({ status: "whole" });
    const again = await open(path);
    expect([30, 31]).toContain((await again.sources(acme)).length);
    const [place] = await again.erase(acme, { source: "secret", passages: [] });
    expect(place!.notes).toEqual([]);
    expect(left(path)).toEqual([]);
    const { hits } = await again.in(acme).read((snapshot) => snapshot.dense({ text: "kept" }, { k: 100 }));
    expect(hits).toHaveLength(60);
    await again.close();
  }
}, 240_000);
