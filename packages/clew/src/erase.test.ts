import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRetrievalAgent, erasableCheckpoints } from "@clew/agents";
import { eraser, openTrace, scope, verifyTrace } from "@clew/core";
import { fixedRuntime, hashEmbedder, scriptedModel, sourceInput } from "@clew/core/testing";
import { splitter } from "@clew/core/text";
import { openIndex } from "@clew/index";
import { contextFile, enriched } from "@clew/ingest";
import { fileTraces, receiptFile, verifyTraceFiles } from "@clew/record";
import { cached, hybrid } from "@clew/retrievers";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { expect, it, onTestFinished } from "vitest";
import { findOnDisk } from "./testing/find-on-disk.js";

const acme = scope("acme", { principals: ["amy"] });

/** Sentences and words that no other source has; the analyzer's stems of the words too. */
const sentences = [
  "Quillfeather sold the Zyxthorpe ledger to Marrowdeep for ninety drachmas.",
  'The "Vexwillow" annex — kept in Brünnhollow — names Quillfeather twice.',
  "Ambergrease was the watchword of the Zyxthorpe guild.",
];
const words = [
  "Quillfeather",
  "quillfeath",
  "Zyxthorpe",
  "zyxthorp",
  "Marrowdeep",
  "Vexwillow",
  "Brünnhollow",
  "mbergreas",
];
const secret = sourceInput({
  id: "people/dossier-7.md",
  title: "Dossier of Quillfeather",
  text: `${sentences[0]}\n\n${sentences[1]}\n\n${sentences[2]}\n\n${"Plain words follow here. ".repeat(40)}`,
  access: ["amy"],
});
const others = Array.from({ length: 12 }, (_, at) =>
  sourceInput({ id: `o${at}.md`, text: `The lighthouse number ${at} was built by keeper ${at} in ${1800 + at}.` }),
);

it("after erase a source's text is found nowhere on disk, in any form, while everything is open and after; the others answer", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-erased-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const runtime = fixedRuntime({ tick: 1 });
  const model = scriptedModel({
    answers: ({ messages }) => ({
      content: `Of the dossier: ${/<<<passage \S+\n([\s\S]*?)\n>>>end/.exec(messages.at(-1)!.text)?.[1]?.slice(0, 80)}`,
    }),
  });
  const contexts = contextFile(join(folder, "contexts.jsonl"));
  const index = await openIndex(join(folder, "index"), {
    embedder: hashEmbedder(),
    splitter: enriched(splitter(), { model, cache: contexts, runtime }),
  });
  await index.sync(acme, [...others, sourceInput({ id: secret.id, text: `${sentences[2]} An earlier version.` })]);
  await index.sync(acme, [secret]);

  const saver = SqliteSaver.fromConnString(join(folder, "threads.db"));
  const view = index.in(acme);
  const search = cached(hybrid(view), { view });
  const traces = fileTraces(join(folder, "traces"));
  const agent = createRetrievalAgent({ retriever: search, checkpointer: saver, traces });
  // in the words of the person alone: what was asked before anything was found is of no source, and stays in the record
  const told = await agent.ask("Who sold the ledger for ninety drachmas?", { thread: "about-it" });
  expect(told.text).toContain("Quillfeather");
  await agent.ask("For how many drachmas?", { thread: "about-it" });
  const plain = await agent.ask("Who built the lighthouse number 3?", { thread: "not-about-it" });
  await agent.feedback(told.id, { verdict: "partly", correction: `It was Vexwillow.`, consent: "record" });

  const looked = [...sentences, ...words];
  const before = findOnDisk(folder, looked);
  for (const file of ["index/data.mdb", "contexts.jsonl", "threads.db", "traces/"]) {
    expect(before.some((found) => found.file.startsWith(file))).toBe(true);
  }

  const receipts = receiptFile(join(folder, "receipts.ndjson"));
  const { erase } = eraser({
    scope: scope("acme"),
    index,
    places: { search, contexts, checkpoints: erasableCheckpoints(saver), traces },
    receipts,
    runtime,
  });
  const receipt = await erase(secret.id);
  expect(receipt.places.map(({ place }) => place)).toEqual([
    "search-cache",
    "contexts",
    "checkpoints",
    "traces",
    "index",
    "vector-cache",
  ]);
  for (const { place, removed } of receipt.places) {
    expect([place, Object.values(removed).some((count) => count > 0)]).toEqual([place, true]);
  }
  expect(receipt).toMatchObject({ complete: true, tenant: "acme", source: secret.id });
  expect(findOnDisk(folder, looked)).toEqual([]);
  expect(JSON.parse(await readFile(join(folder, "receipts.ndjson"), "utf8"))).toEqual(receipt);

  // the record still holds together: what it said of the source can be verified, and no longer be read
  const files = await verifyTraceFiles(join(folder, "traces"));
  expect(files.map(({ check }) => check.code)).toEqual(["intact", "intact", "intact"]);
  const record = await traces.read(acme, told.id);
  expect(record!.lines).toEqual(told.trace.lines);
  expect(verifyTrace(record!)).toMatchObject({ code: "intact", root: told.trace.lines.at(-1)!.hash });
  expect(() => openTrace(record!)).toThrow(expect.objectContaining({ code: "trace-erased" }));
  expect(openTrace((await traces.read(acme, plain.id))!).length).toBeGreaterThan(3);

  // what goes on afterwards brings nothing back
  const other = await agent.ask("Who built the lighthouse number 5?", { thread: "not-about-it" });
  expect([other.status, other.citations[0]?.source]).toEqual(["answered", "o5.md"]);
  const gone = await agent.ask("Who sold the ledger to the guild for ninety?", { thread: "about-it" });
  expect(gone.citations.map(({ source }) => source)).not.toContain(secret.id);
  await index.sync(acme, [sourceInput({ id: "new.md", text: "A new lighthouse." })]);
  expect(findOnDisk(folder, looked)).toEqual([]);

  const again = await erase(secret.id);
  expect(again.complete).toBe(true);
  expect(again.places.flatMap(({ removed }) => Object.values(removed)).every((count) => count === 0)).toBe(true);
  await index.close();
  saver.db.close();
  expect(findOnDisk(folder, looked)).toEqual([]);
}, 120_000);
