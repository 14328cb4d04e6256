import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createResearcher, createRetrievalAgent, erasableCheckpoints, replay } from "@clew/agents";
import { type Answer, eraser, scope, verifyTrace } from "@clew/core";
import { fixedRuntime, hashEmbedder, scriptedModel, sourceInput } from "@clew/core/testing";
import { splitter } from "@clew/core/text";
import { openIndex } from "@clew/index";
import { contextFile, enriched } from "@clew/ingest";
import { fileTraces, receiptFile, verifyTraceFiles } from "@clew/record";
import { cached, frozenStore, hybrid, live } from "@clew/retrievers";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { expect, it, onTestFinished } from "vitest";
import { findOnDisk } from "./testing/find-on-disk.js";

const [acme, globex] = [scope("acme"), scope("globex")];
const quoted = "Quillfeather sold the Zyxthorpe ledger to Marrowdeep for ninety drachmas.";
const own = "The Vexwillow annex of the ledger names Quillfeather twice.";
const fetched = "A letter in the Ombrellwick archive says that the ledger was forged in Thrumsea.";
const looked = [quoted, own, "Quillfeather", "Zyxthorpe", "Marrowdeep", "Vexwillow"];
const lookedFetched = [fetched, "Ombrellwick", "Thrumsea"];
const secret = sourceInput({ id: "people/dossier-7.md", title: "Dossier", text: `${quoted}\n\n${own}` });
const others = Array.from({ length: 6 }, (_, at) =>
  sourceInput({ id: `o${at}.md`, text: `The lighthouse number ${at} was built by keeper ${at} in ${1800 + at}.` }),
);
const question = "Who sold the ledger, for how many drachmas, and was it forged?";

/** A product's whole chain over one folder: contexts, index, cache, live source, checkpoints, traces. */
async function product() {
  const folder = await mkdtemp(join(tmpdir(), "clew-erased-"));
  const runtime = fixedRuntime({ tick: 1 });
  const model = scriptedModel({
    answers: ({ messages }) =>
      `Of it: ${/<<<passage \S+\n([\s\S]*?)\n>>>end/.exec(messages.at(-1)!.text)?.[1]?.slice(0, 60)}`,
  });
  const contexts = contextFile(join(folder, "contexts.jsonl"));
  const index = await openIndex(join(folder, "index"), {
    embedder: hashEmbedder(),
    splitter: enriched(splitter(), { model, cache: contexts, runtime }),
  });
  const saver = SqliteSaver.fromConnString(join(folder, "threads.db"));
  const traces = fileTraces(join(folder, "traces"));
  const receipts = receiptFile(join(folder, "receipts.ndjson"));
  onTestFinished(async () => {
    await index.close();
    saver.db.close();
    await rm(folder, { recursive: true, force: true });
  });
  /** What one tenant has of it. */
  const tenant = (who: typeof acme) => {
    const view = index.in(who);
    const search = cached(hybrid(view), { view });
    const store = frozenStore();
    const web = live(async () => [{ title: "Archive", uri: "https://archive.test/1", text: fetched }], {
      name: "web",
      store,
    });
    const sources = {
      docs: { retriever: search, about: "Documents." },
      web: { retriever: web, about: "The web." },
    };
    const kept = { scope: who, checkpointer: saver, traces };
    return {
      search,
      store,
      researcher: createResearcher({ sources, ...kept, budget: { hops: 8 } }),
      agent: createRetrievalAgent({ retriever: search, ...kept }),
      erase: eraser({
        scope: who,
        index,
        places: { search, contexts, frozen: store, checkpoints: erasableCheckpoints(saver), traces },
        ...{ receipts, runtime },
      }).erase,
    };
  };
  return { folder, index, traces, tenant };
}
const counted = ({ removed }: { readonly removed: Readonly<Record<string, number>> }): number =>
  Object.values(removed).reduce((sum, count) => sum + count, 0);

it("erase follows research through every place: nothing stays on disk, the chain verifies, the replay says why not", async () => {
  const { folder, index, traces, tenant } = await product();
  const { researcher, agent, store, erase } = tenant(acme);
  await index.sync(acme, [...others, secret]);
  const report = await researcher.research(question, { thread: "r" });
  const told = await agent.ask("Who sold the ledger for ninety drachmas?", { thread: "a" });
  const plain = await agent.ask("Who built the lighthouse number 3?", { thread: "b", k: 1 });
  expect(report.references.map(({ source }) => source)).toContain(secret.id);
  const web = report.evidence
    .map(({ passage }) => passage.source)
    .find((source) => source !== secret.id && !/^o\d/.test(source))!;
  expect(await store.get(web)).toBeDefined();
  const before = findOnDisk(folder, [...looked, ...lookedFetched]).map(({ file }) =>
    file.split("/")[0]!.replace(/-wal$/, ""),
  );
  expect(new Set(before)).toEqual(new Set(["contexts.jsonl", "index", "threads.db", "traces"]));

  const receipt = await erase(secret.id);
  expect(receipt.complete).toBe(true);
  expect(receipt.places.map(({ place }) => place)).toEqual([
    ...["search-cache", "contexts", "frozen-results", "checkpoints", "traces", "index", "vector-cache"],
  ]);
  expect(receipt.places.filter((place) => counted(place) === 0).map(({ place }) => place)).toEqual(["frozen-results"]);
  expect(findOnDisk(folder, looked)).toEqual([]);

  // what was fetched is a source as well, and forgotten by its own id
  const second = await erase(web);
  expect(second.places.find(({ place }) => place === "frozen-results")?.removed).toEqual({ sources: 1 });
  expect(await store.get(web)).toBeUndefined();
  expect(findOnDisk(folder, [...looked, ...lookedFetched])).toEqual([]);
  expect(
    (await readFile(join(folder, "receipts.ndjson"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([receipt, second]);

  const files = await verifyTraceFiles(join(folder, "traces"));
  expect(files.map(({ check }) => check.code)).toEqual(files.map(() => "intact"));
  expect(files.length).toBeGreaterThan(2);
  for (const { id, trace } of [report, told]) {
    const kept = (await traces.read(acme, id))!;
    expect(verifyTrace(kept)).toMatchObject({ code: "intact", root: trace.lines.at(-1)!.hash });
    await expect(replay(kept)).rejects.toMatchObject({ code: "trace-erased" });
  }
  const whole = JSON.parse(JSON.stringify(await traces.read(acme, plain.id))) as Answer["trace"];
  expect(JSON.stringify(await replay(whole))).toBe(JSON.stringify(plain));

  for (const source of [secret.id, web]) {
    const again = await erase(source);
    expect([again.complete, again.places.filter((place) => counted(place) > 0)]).toEqual([true, []]);
  }
}, 120_000);

it("erase leaves another tenant's equal text, and what another source says in the same words, until that is erased", async () => {
  const { folder, index, traces, tenant } = await product();
  const [mine, theirs] = [tenant(acme), tenant(globex)];
  // it quotes a sentence of the dossier, word for word
  const quoting = sourceInput({ id: "news.md", text: `The gazette wrote: ${quoted}` });
  await index.sync(acme, [...others, secret, quoting]);
  await index.sync(globex, [...others, secret]);
  const asked = "Who sold the ledger for ninety drachmas?";
  await mine.agent.ask(asked, { thread: "a" });
  const foreign = await theirs.agent.ask(asked, { thread: "a" });

  expect(await mine.erase(secret.id)).toMatchObject({ complete: true });
  const after = await mine.agent.ask(asked, { thread: "b" });
  expect([...new Set(after.citations.map(({ source }) => source))]).toEqual([quoting.id]);
  expect(after.text).toContain("Marrowdeep");
  expect((await theirs.agent.ask(asked, { thread: "a" })).citations[0]).toMatchObject({ source: secret.id });
  const kept = JSON.parse(JSON.stringify(await traces.read(globex, foreign.id))) as Answer["trace"];
  expect(JSON.stringify(await replay(kept))).toBe(JSON.stringify(foreign));

  expect(await theirs.erase(secret.id)).toMatchObject({ complete: true });
  // in its own words alone the dossier is nowhere; the gazette's stay
  expect(findOnDisk(folder, [own, "Vexwillow"])).toEqual([]);
  expect(findOnDisk(folder, [quoted]).length).toBeGreaterThan(0);
  expect(await mine.erase(quoting.id)).toMatchObject({ complete: true });
  expect(findOnDisk(folder, looked)).toEqual([]);
}, 120_000);
