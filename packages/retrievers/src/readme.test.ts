import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { scope } from "@clew/core";
import { hashEmbedder, referenceIndex, scriptedModel, sourceInputs } from "@clew/core/testing";
import {
  cached,
  diverse,
  expanded,
  filtered,
  hybrid,
  lexical,
  linked,
  live,
  multiQuery,
  routed,
  rrf,
  widened,
} from "@clew/retrievers";
import { tool } from "@langchain/core/tools";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";

it("runs the example of the README", async () => {
  const index = referenceIndex({ embedder: hashEmbedder() });
  const acme = scope("acme");
  await index.sync(acme, sourceInputs(["Ariadne gave Theseus a thread.", "Daedalus built the labyrinth."]));

  const retriever = hybrid(index.in(acme), { fusion: rrf() });
  const { hits, notes } = await retriever.search("Who built the labyrinth?", { k: 1 });
  const documents = await retriever.invoke("Who built the labyrinth?");

  expect(hits[0]!.passage.text).toContain("Daedalus");
  expect(notes).toEqual([]);
  expect(documents[0]!.metadata.clew).toMatchObject({ source: "s2", span: [0, 29] });
});

it("runs the example of what stands over other retrievers", async () => {
  const index = referenceIndex({ embedder: hashEmbedder() });
  const acme = scope("acme");
  await index.sync(acme, sourceInputs(["Ariadne gave Theseus a thread.", "Daedalus built the labyrinth.\n\nHe fled."]));
  const model = scriptedModel({ answers: ['{"queries": ["builder of the maze of Crete"]}'] });

  const view = index.in(acme);
  const asked = expanded(hybrid(view), { by: multiQuery({ model }) });
  const chosen = diverse(asked, { view, lambda: 0.7 });
  const whole = widened(chosen, { view, unit: "section" });
  const router = routed({ routes: { code: lexical(view), default: whole } });
  const answers = await cached(router, { view }).search("Who built the labyrinth?", { k: 4 });

  expect(answers.hits[0]!.passage.text).toBe("Daedalus built the labyrinth.\n\nHe fled.");
  expect(answers.notes).toEqual([]);
});

it("runs the examples of live data", async () => {
  const database = {
    query: async (_sql: string, [, k]: unknown[]) => ({ rows: [{ id: 1, note: "thread" }].slice(0, Number(k)) }),
  };
  const server = createServer((_, response) => response.end('{"results":[{"text":"A clew is a ball of thread."}]}'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const searchTickets = tool(async ({ query }) => `Ticket 7: ${query}`, {
    name: "search",
    description: "Searches tickets.",
    schema: z.object({ query: z.string() }),
  });

  const orders = live(
    async (query, { k }) =>
      (await database.query("select * from orders where note ilike '%' || $1 || '%' limit $2", [query, k])).rows,
    { name: "orders" },
  );
  const web = live(
    async (query, { k, signal }) => {
      const response = await fetch(`${base}/search?q=${encodeURIComponent(query)}&n=${k}`, { signal });
      if (response.ok) return response.json();
      throw Object.assign(new Error(response.statusText), { status: response.status, headers: response.headers });
    },
    { name: "web", pick: (body) => (body as { results: object[] }).results, retries: 2 },
  );
  const tickets = live(searchTickets, { name: "tickets" }); // tool(…): its artifact, else its content

  const texts = async (retriever: typeof web) =>
    (await retriever.search("thread")).hits.map(({ passage }) => passage.text);
  expect(await texts(orders)).toEqual(["id: 1\nnote: thread"]);
  expect(await texts(web)).toEqual(["A clew is a ball of thread."]);
  expect(await texts(tickets)).toEqual(["Ticket 7: thread"]);
});

it("runs the example of a filter from the question", async () => {
  const index = referenceIndex({ embedder: hashEmbedder() });
  const sources = [2022, 2023].flatMap((year) =>
    ["10-K", "memo"].map((kind) => ({ text: `Thread in the ${kind} of ${year}.`, metadata: { year, kind } })),
  );
  await index.sync(scope("acme"), sourceInputs(sources));
  const view = index.in(scope("acme"));

  const narrow = filtered(hybrid(view), { view });
  const { hits, notes } = await narrow.search("What does the 10-K say of thread since 2023?");

  expect(hits.map(({ passage }) => passage.text)).toEqual(["Thread in the 10-K of 2023."]);
  expect(notes).toMatchObject([{ code: "filtered" }]);
});

it("runs the example of several hops", async () => {
  const index = referenceIndex({ embedder: hashEmbedder() });
  const sources = [
    { title: "Daedalus", text: "Daedalus built a labyrinth for the palace of Knossos." },
    { title: "Knossos", text: "It stands on Crete." },
    { title: "Bread", text: "Bread rises in the oven." },
  ];
  await index.sync(scope("acme"), sourceInputs(sources));
  const view = index.in(scope("acme"));

  const { hits } = await linked(view).search("Where is the palace that Daedalus built a labyrinth for?", { k: 4 });

  expect(hits.slice(0, 2).map(({ passage }) => passage.title)).toEqual(["Daedalus", "Knossos"]);
  expect(hits[1]!.explain).toMatchObject({ kind: "linked", path: [{ words: "Knossos" }] });
});
