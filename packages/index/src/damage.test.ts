import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInputs } from "@clew/core/testing";
import { expect, it } from "vitest";
import { openIndex } from "./open-index.js";
import { inspectIndexBuilt } from "./testing/inspect-built.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

const acme = scope("acme");
const open = (path: string) => openIndex(path, { embedder: hashEmbedder(), splitter: paragraphSplitter() });

async function filled(): Promise<{ path: string; file: string }> {
  const path = temporaryDirectory();
  const index = await open(path);
  const texts = Array.from({ length: 40 }, (_, at) => `minotaur ${at} ${"walks in the labyrinth ".repeat(20)}`);
  await index.sync(acme, sourceInputs(texts));
  await index.close();
  return { path, file: join(path, "data.mdb") };
}

it("a truncated file is refused before it is mapped, and inspected without harm", async () => {
  for (const share of [0.9, 0.5, 0.1]) {
    const { path, file } = await filled();
    truncateSync(file, Math.floor(statSync(file).size * share));
    await expect(open(path)).rejects.toMatchObject({
      code: "index-damaged",
      message: expect.stringContaining("sync again"),
    });
    expect(await inspectIndexBuilt(path)).toMatchObject({ status: "damaged" });
  }
});

it("a file that is none, or ends in its first page, is refused", async () => {
  for (const bytes of [Buffer.alloc(20_000, 7), Buffer.alloc(30)]) {
    const path = temporaryDirectory();
    writeFileSync(join(path, "data.mdb"), bytes);
    await expect(open(path)).rejects.toMatchObject({ code: "index-damaged" });
  }
});

it("a file in the place of the directory, or above it, is named", async () => {
  const file = join(temporaryDirectory(), "a-file");
  writeFileSync(file, "hello");
  for (const path of [file, join(file, "below")]) {
    const message = expect.stringContaining(`${path} is no directory`);
    await expect(open(path)).rejects.toMatchObject({ code: "storage-failed", message });
    expect(await inspectIndexBuilt(path)).toMatchObject({ status: "damaged", problems: [message] });
  }
});

it("flipped bytes in a record are noticed when it is read", async () => {
  const { path, file } = await filled();
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf("labyrinth"); at >= 0; at = bytes.indexOf("labyrinth", at + 1)) bytes[at] = 0x4c;
  writeFileSync(file, bytes);
  const index = await open(path);
  const search = index.in(acme).read((snapshot) => snapshot.lexical({ text: "minotaur" }, { k: 3 }));
  await expect(search).rejects.toMatchObject({ code: "index-damaged" });
  await index.close();
  const health = await inspectIndexBuilt(path);
  expect(health.status).toBe("damaged");
  expect(JSON.stringify(health)).toContain("checksum");
});

it("a whole index is inspected, and a missing one said to be missing", async () => {
  const { path } = await filled();
  expect(await inspectIndexBuilt(path)).toMatchObject({
    status: "whole",
    maker: { format: 2, embedder: { id: "hash-64" }, splitter: "paragraphs@1" },
    tenants: [{ tenant: "acme", sources: 40, passages: 40, vectors: 40, generation: 40 }],
  });
  expect(await inspectIndexBuilt(temporaryDirectory())).toEqual({ status: "missing" });
});

it("a file whose pages are garbage harms the inspecting process alone", async () => {
  const { path, file } = await filled();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 3 * 4096);
  writeFileSync(file, bytes);
  expect(await inspectIndexBuilt(path)).toMatchObject({ status: "damaged" });
}, 30_000);
