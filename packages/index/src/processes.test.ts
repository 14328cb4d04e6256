import { once } from "node:events";
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInput, sourceInputs } from "@clew/core/testing";
import { expect, it } from "vitest";
import { openIndex } from "./open-index.js";
import { inspectIndexBuilt } from "./testing/inspect-built.js";
import { builtEntry, runChild, startChild } from "./testing/run-child.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

const acme = scope("acme");
const open = (path: string) => openIndex(path, { embedder: hashEmbedder(), splitter: paragraphSplitter() });

/** Syncs sources named after its second argument, as many as the third says. */
const writer = `
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInput } from "@clew/core/testing";
const { openIndex } = await import(${JSON.stringify(builtEntry)});
const [path, name, count, shared] = process.argv.slice(1);
const index = await openIndex(path, { embedder: hashEmbedder(), splitter: paragraphSplitter() });
const inputs = Array.from({ length: Number(count) }, (_, at) => sourceInput({ id: name + at, text: name + " walks " + at }));
inputs.push(...Array.from({ length: Number(shared) }, (_, at) => sourceInput({ id: "shared" + at, text: "both write " + at + "\\n\\nas " + name, version: name })));
const { failed } = await index.sync(scope("acme"), inputs, { removeMissing: true });
await index.close();
process.stdout.write(JSON.stringify(failed));
`;

it("a reader sees what another process writes, without opening again", async () => {
  const path = temporaryDirectory();
  const reader = await open(path);
  const found = () =>
    reader.in(acme).read(async (snapshot) => ({
      generation: snapshot.generation,
      hits: (await snapshot.lexical({ text: "walks" }, { k: 100 })).hits.length,
    }));
  expect(await found()).toEqual({ generation: 0, hits: 0 });
  expect(await runChild(writer, [path, "a", "5", "0"])).toMatchObject({ code: 0, stderr: "" });
  expect(await found()).toEqual({ generation: 5, hits: 5 });
  await reader.in(acme).read(async (snapshot) => {
    // what is written meanwhile does not show inside of a read
    await runChild(writer, [path, "b", "3", "0"]);
    const { hits } = await snapshot.lexical({ text: "walks" }, { k: 100 });
    expect(hits.map(({ passage }) => passage.text).every((text) => text.startsWith("a "))).toBe(true);
    expect((await snapshot.dense({ text: "walks" }, { k: 100 })).hits).toHaveLength(5);
    expect(await snapshot.sourceText("a0")).toBeDefined();
  });
  expect((await found()).hits).toBe(3);
  await reader.close();
}, 60_000);

it("two processes that sync one tenant at once both arrive, and each source is of one of them", async () => {
  const path = temporaryDirectory();
  const children = await Promise.all(["a", "b"].map((name) => runChild(writer, [path, name, "20", "20"])));
  for (const child of children) expect(child).toMatchObject({ code: 0, stderr: "", stdout: "[]" });
  expect(await inspectIndexBuilt(path)).toMatchObject({ status: "whole" });
  const index = await open(path);
  await index.in(acme).read(async (snapshot) => {
    for (const { id, version } of await index.sources(acme, { source: { $gte: "shared" } })) {
      expect((await snapshot.sourceText(id))?.text).toBe(`both write ${id.slice(6)}\n\nas ${version}`);
    }
  });
  await index.close();
}, 60_000);

it("Ctrl-C between sources leaves an index that goes on where it stopped", async () => {
  const path = temporaryDirectory();
  const program = `
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInput } from "@clew/core/testing";
const { openIndex } = await import(${JSON.stringify(builtEntry)});
const stop = new AbortController();
process.on("SIGINT", () => stop.abort(new Error("interrupted")));
const index = await openIndex(process.argv[1], { embedder: hashEmbedder(), splitter: paragraphSplitter() });
async function* endless() { for (let at = 0; ; at++) { if (at === 5) process.stdout.write("five"); yield sourceInput({ id: "s" + at, text: "walk " + at }); await new Promise((r) => setTimeout(r, 2)); } }
try { await index.sync(scope("acme"), endless(), { signal: stop.signal }); } catch (error) { process.stdout.write(error.message); }
await index.close();
`;
  const child = startChild(program, [path]);
  const said: string[] = [];
  child.stdout!.on("data", (text) => said.push(String(text)));
  await once(child.stdout!, "data");
  child.kill("SIGINT");
  await once(child, "close");
  expect(said.join("")).toBe("fiveinterrupted");
  const index = await open(path);
  const before = await index.sources(acme);
  expect(before.length).toBeGreaterThanOrEqual(4);
  const { unchanged } = await index.sync(
    acme,
    before.map(({ id }) => sourceInput({ id, text: `walk ${id.slice(1)}` })),
  );
  expect(unchanged).toBe(before.length);
  await index.close();
}, 60_000);

it("a full disk is a typed error that loses nothing", async () => {
  const path = temporaryDirectory();
  const index = await open(path);
  await index.sync(acme, sourceInputs(["walks before", "walks too"]));
  await index.close();
  const program = `
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInput } from "@clew/core/testing";
const { openIndex } = await import(${JSON.stringify(builtEntry)});
const index = await openIndex(process.argv[1], { embedder: hashEmbedder(), splitter: paragraphSplitter() });
const inputs = Array.from({ length: 200 }, (_, at) => sourceInput({ id: "big" + at, text: "walks " + at + " " + "word".repeat(5000) }));
try { await index.sync(scope("acme"), inputs); } catch (error) { process.stdout.write(error.code + ": " + error.message); }
const { hits } = await index.in(scope("acme")).read((snapshot) => snapshot.lexical({ text: "before" }, { k: 5 }));
process.stdout.write(" hits " + hits.length);
`;
  // no file may grow above 1 MiB; the signal that comes with it is ignored, as on a full disk
  const child = await runChild(program, [path], "trap '' XFSZ; ulimit -f 1024");
  expect(child.stdout).toContain("storage-failed: Writing to the index");
  expect(child.stdout).toContain("hits 1");
  expect(await inspectIndexBuilt(path)).toMatchObject({ status: "whole" });
  const again = await open(path);
  expect((await again.sources(acme)).map(({ id }) => id)).toEqual(expect.arrayContaining(["s1", "s2"]));
  expect(await again.sync(acme, [sourceInput({ id: "s3", text: "walks after" })])).toMatchObject({ added: ["s3"] });
  await again.close();
}, 60_000);
