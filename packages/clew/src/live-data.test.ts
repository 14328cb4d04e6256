import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRetrievalAgent } from "@clew/agents";
import { memoryJournal, meter, openTrace, scope } from "@clew/core";
import { fakeReranker, fixedRuntime, sourceInputs } from "@clew/core/testing";
import { splitter } from "@clew/core/text";
import { memoryIndex, openIndex } from "@clew/index";
import { enriched } from "@clew/ingest";
import { filtered, lexical, live, reranked } from "@clew/retrievers";
import { expect, it, onTestFinished } from "vitest";

const acme = scope("acme");

it("an agent over live data cites what was fetched, and its run replays without a fetch", async () => {
  let fetches = 0;
  const asked: unknown[] = [];
  const make = () =>
    live(
      async (_query, request) => {
        fetches += 1;
        asked.push(request.scope?.tenant);
        return [
          { id: "crete", title: "Crete", text: `Fetch ${fetches}.\n\nThe labyrinth was built by Daedalus.` },
          { id: "bread", title: "Bread", text: "Bread rises in the oven." },
        ];
      },
      { name: "web" },
    );
  const retriever = make();
  const agent = createRetrievalAgent({ retriever, scope: acme, runtime: fixedRuntime({ tick: 1 }) });
  const answer = await agent.ask("Who built the labyrinth?");
  expect(answer.status).toBe("answered");
  const citation = answer.citations.find(({ quote }) => quote.includes("Daedalus"));
  const frozen = await retriever.frozen.get(citation!.source);
  expect(frozen!.text.text.slice(...citation!.span)).toBe(citation!.quote);
  expect(new Set(asked)).toEqual(new Set(["acme"]));

  const before = fetches;
  const runtime = fixedRuntime();
  const entries = openTrace(JSON.parse(JSON.stringify(answer.trace)));
  const call = {
    scope: acme,
    meter: meter({ budget: {}, runtime }),
    journal: memoryJournal({ run: answer.id, runtime, entries }),
    runtime,
  };
  const later = make();
  const { hits } = await later.search(answer.hops[0]!.query, { k: 10, call });
  expect(fetches).toBe(before);
  expect(hits.map(({ passage }) => passage.id)).toContain(answer.evidence[0]!.passage.id);
  expect(await later.frozen.get(citation!.source)).toEqual(frozen);
});

it("live data composes with what stands on a retriever", async () => {
  const web = live(() => ["Bread rises.", "The thread is red."], { name: "web", runtime: fixedRuntime() });
  const found = await reranked(web, { reranker: fakeReranker() }).search("red thread", { k: 1 });
  expect(found.hits[0]!.passage.text).toBe("The thread is red.");
  expect(found.generation).toBe(-1);
});

it("a filter is read over a real index, from its own metadata", async () => {
  const index = await memoryIndex();
  const years = [2021, 2022, 2023].flatMap((year) => [
    { text: `Thread of ${year}.`, metadata: { year } },
    { text: `More thread of ${year}.`, metadata: { year } },
  ]);
  await index.sync(acme, sourceInputs(years));
  const view = index.in(acme);
  const { hits, notes } = await filtered(lexical(view), { view }).search("thread since 2022", {
    filter: { year: { $lt: 2023 } },
  });
  expect(hits.map(({ passage }) => passage.metadata.year)).toEqual([2022, 2022]);
  expect(notes).toMatchObject([{ code: "filtered" }]);
  await index.close();
});

it("an index made with other contexts is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-contexts-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const open = (rules?: readonly ["title"]) =>
    openIndex(join(folder, "index"), { splitter: enriched(splitter(), rules === undefined ? {} : { rules }) });
  const first = await open();
  await first.sync(acme, sourceInputs(["The ball was red."]));
  await first.close();
  const other = await open(["title"]);
  const syncing = other.sync(acme, sourceInputs(["The ball was blue."]));
  await expect(syncing).rejects.toMatchObject({ code: "index-mismatch" });
  await other.close();
  const same = await open();
  expect((await same.sync(acme, sourceInputs(["The ball was red."]))).unchanged).toBe(1);
  await same.close();
});
