import {
  defineRetriever,
  evidenceLedger,
  filterRecord,
  type IndexView,
  locateQuote,
  matchesFilter,
  memoryJournal,
  type Retriever,
} from "@clew/core";
import { aCall, fixedRuntime, testRetriever } from "@clew/core/testing";
import { Document } from "@langchain/core/documents";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexical } from "../lexical.js";
import { live } from "./live.js";
import type { LiveResult } from "./live-function.js";

const runtime = fixedRuntime();
const giving = (...results: readonly LiveResult[]) => live(() => results, { name: "fake", runtime });

/** A live retriever over a view, with the view's scope, generation and source ids given back: what the contract asks for. */
function overView(view: IndexView): Retriever {
  const inner = live(
    async (query, { k, signal }) => {
      const { hits } = await lexical(view).search(query, { k: Math.max(k, 20), signal });
      return hits.map(({ passage, score }) => ({
        id: passage.id,
        text: passage.text,
        title: passage.title,
        metadata: { ...passage.metadata, origin: passage.source },
        score,
      }));
    },
    { name: "view", runtime },
  );
  return defineRetriever(
    "live-view",
    async (query, options) => {
      const found = await inner.search(query, options);
      const generation = await view.read(async (snapshot) => snapshot.generation);
      const hits = found.hits.map((hit) => ({
        ...hit,
        passage: { ...hit.passage, source: String(hit.passage.metadata.origin) },
      }));
      return { ...found, hits, generation };
    },
    { scope: view.scope },
  );
}

describe("live", () => {
  testRetriever({ make: overView });

  it("reads texts, items, documents and rows, and freezes each with hash and time", async () => {
    const retriever = giving(
      "A plain text.",
      {
        id: 7,
        title: "Seven",
        text: "An item.",
        uri: "https://a.example/7",
        metadata: { year: 2023, deep: { a: [1] } },
      },
      new Document({ id: "d", pageContent: "A document.", metadata: { source: "https://a.example/d", title: "D" } }),
      {
        id: 9,
        customer: "Ada",
        paid: true,
        note: null,
        at: new Date(0),
        lines: ["thread", "clew"],
        to: { city: "Delft" },
      },
    );
    const { hits, notes, generation } = await retriever.search("anything");
    expect(notes).toEqual([]);
    expect(generation).toBe(-1);
    expect(retriever.scope).toBeUndefined();
    expect(hits.map(({ passage }) => passage.text)).toEqual([
      "A plain text.",
      "An item.",
      "A document.",
      "id: 9\ncustomer: Ada\npaid: true\nat: 1970-01-01T00:00:00.000Z\nlines: thread, clew\nto.city: Delft",
    ]);
    // ranks 1 to 4, since none has a score
    expect(hits.map(({ score }) => score)).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
    const fetchedAt = runtime.now();
    expect(hits[1]!.passage).toMatchObject({
      title: "Seven",
      uri: "https://a.example/7",
      metadata: { year: 2023, deep: '{"a":[1]}', fetchedAt },
    });
    expect(hits[2]!.passage).toMatchObject({ title: "D", uri: "https://a.example/d" });
    expect(hits[3]!.passage.metadata).toEqual({
      id: 9,
      customer: "Ada",
      paid: true,
      note: null,
      at: "1970-01-01T00:00:00.000Z",
      lines: ["thread", "clew"],
      fetchedAt,
    });
    expect(hits[0]!.explain).toEqual({
      kind: "other",
      name: "live",
      detail: { origin: "fake", result: 1, order: "as given", fetchedAt },
    });
    for (const { passage } of hits) {
      const frozen = await retriever.frozen.get(passage.source);
      expect(frozen?.text.text.slice(...passage.span)).toBe(passage.text);
      expect(frozen).toMatchObject({ fetchedAt, query: "anything" });
      expect(frozen?.text.source.version).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it("verifies quotes from live data, in the text as it was", async () => {
    let price = "The thread costs 12 euros.";
    const retriever = live(() => [{ id: "thread", text: price }], { name: "shop", runtime });
    const ledger = evidenceLedger();
    ledger.add((await retriever.search("thread price")).hits, { query: "thread price", hop: 1 });
    price = "The thread costs 15 euros.";
    ledger.add((await retriever.search("thread price")).hits, { query: "thread price", hop: 2 });
    expect(ledger.list()).toHaveLength(2);
    for (const [evidence, quote] of [
      ["E1", "costs 12 euros"],
      ["E2", "costs 15 euros"],
    ] as const) {
      const check = locateQuote({ evidence, quote }, ledger);
      if (check.code !== "quote-found") throw new Error(check.code);
      const [{ source, span }] = check.citations;
      expect((await retriever.frozen.get(source))?.text.text.slice(...span)).toBe(quote);
    }
  });

  it("gives equal content one id, across queries and hops", async () => {
    const retriever = giving({ id: "a", text: "The same." }, { id: "b", text: "The same." });
    const [first, second] = [await retriever.search("one"), await retriever.search("two")];
    const ids = first.hits.map(({ passage }) => passage.id);
    expect(new Set(ids).size).toBe(2);
    expect(second.hits.map(({ passage }) => passage.id)).toEqual(ids);
    const ledger = evidenceLedger();
    ledger.add(first.hits, { query: "one", hop: 1 });
    expect(ledger.add(second.hits, { query: "two", hop: 2 })).toEqual([]);
  });

  it("orders by the scores that were given; ties keep the order in which they came", async () => {
    const scores = [0.2, 0.9, 0.9, -1, 0];
    const retriever = giving(...scores.map((score, at) => ({ id: at, text: `Result ${at}.`, score })));
    const { hits } = await retriever.search("result");
    expect(hits.map(({ passage }) => passage.text)).toEqual([1, 2, 0, 4, 3].map((at) => `Result ${at}.`));
    for (const [at, score] of [0.9, 0.9, 0.2, 0, -1].entries()) expect(hits[at]!.score).toBeCloseTo(score, 9);
    expect(hits[0]!.explain).toMatchObject({ detail: { order: "by score", result: 2, given: 0.9 } });
  });

  it("says so where only some have a score", async () => {
    const { hits, notes } = await giving({ id: 1, text: "One." }, { id: 2, text: "Two.", score: 5 }).search("x");
    expect(hits.map(({ score }) => score)).toEqual([1, 0.5]);
    expect(notes).toMatchObject([{ code: "fell-back", detail: { scored: 1, of: 2 } }]);
  });

  it("leaves out what repeats another word for word, with a note", async () => {
    const { hits, notes } = await giving("Twice.", "Twice.", "Once.").search("x");
    expect(hits).toHaveLength(2);
    expect(notes).toMatchObject([{ code: "source-skipped", detail: { repeated: 1, of: 3 } }]);
  });

  it("cuts a long result, and keeps the passages that match the query", async () => {
    const filler = (at: number): string =>
      `Paragraph ${at} speaks of bread and ovens. ${"It rises slowly. ".repeat(30)}`;
    const text = Array.from({ length: 20 }, (_, at) => (at === 13 ? "The clew was spun in Delft." : filler(at))).join(
      "\n\n",
    );
    const retriever = live(() => [{ id: "long", text }], { name: "fake", perResult: 2, runtime });
    const { hits, notes } = await retriever.search("Where was the clew spun?");
    expect(hits).toHaveLength(2);
    expect(hits[0]!.passage.text).toContain("spun in Delft");
    expect(hits[0]!.passage.span[0]).toBeGreaterThan(0);
    for (const { passage } of hits) expect(text.slice(...passage.span)).toBe(passage.text);
    expect(notes).toMatchObject([{ code: "cut", detail: { perResult: 2 } }]);
  });

  it("keeps spans true in any text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: "binary", minLength: 1, maxLength: 300 }).filter((text) => text.trim() !== ""),
          {
            minLength: 1,
            maxLength: 5,
          },
        ),
        async (texts) => {
          const retriever = giving(...texts);
          const { hits } = await retriever.search("a");
          for (const { passage } of hits) {
            const frozen = await retriever.frozen.get(passage.source);
            expect(frozen?.text.text.slice(...passage.span)).toBe(passage.text);
            expect(passage.text.isWellFormed()).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("limits how much is read, with notes", async () => {
    const retriever = live(() => ["a".repeat(50), "second", "third"], {
      name: "fake",
      maxResults: 2,
      maxCharacters: 10,
      runtime,
    });
    const { hits, notes } = await retriever.search("x");
    expect(hits.map(({ passage }) => passage.text)).toEqual(["a".repeat(10), "second"]);
    expect(notes).toMatchObject([
      { code: "cut", detail: { of: 3, kept: 2 } },
      { code: "cut", detail: { results: 1, maxCharacters: 10 } },
    ]);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /gave nothing where a list/],
    [null, /gave null where a list/],
    [42, /gave a number where a list/],
    [["fine", null], /number 2 is null; a result is/],
    [["  "], /number 1 has no text/],
    [[{ id: 1, text: 5 }], /number 1 has a number for its text/],
    [[{ text: "x", score: Number.NaN }], /number 1 has the score NaN/],
    [[{ text: "x", metadata: "y" }], /number 1 has a string for its metadata/],
    [[{ text: "x", title: 3 }], /number 1 has a number for its title/],
    [[{ a: null }], /\(a row\) has no value in any column/],
    [[new Uint8Array(3)], /number 1 is binary data/],
  ])("refuses %j and names what is wrong with it", async (output, message) => {
    const broken = live(() => output as LiveResult[], { name: "fake", runtime });
    await expect(broken.search("x")).rejects.toMatchObject({
      code: "retriever-failed",
      message: expect.stringMatching(message),
    });
  });

  it("leaves broken results out with a note, if that is wished", async () => {
    const retriever = live(() => ["fine", { text: "" }] as LiveResult[], { name: "fake", degrade: true, runtime });
    const { hits, notes } = await retriever.search("x");
    expect(hits.map(({ passage }) => passage.text)).toEqual(["fine"]);
    expect(notes).toMatchObject([{ code: "source-skipped", detail: { skipped: 1, of: 2 } }]);
  });

  it("gives hits or a typed error for anything at all, and never forgets a result", async () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 4 }), async (results) => {
        const make = (degrade: boolean) => live(() => results as LiveResult[], { name: "fake", degrade, runtime });
        const outcome = await make(false)
          .search("x")
          .catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "retriever-failed" });
        const { hits, notes } = await make(true).search("x");
        const skipped = notes.reduce((sum, { detail }) => sum + Number(detail?.skipped ?? detail?.repeated ?? 0), 0);
        expect(new Set(hits.map(({ passage }) => passage.source)).size + skipped).toBe(results.length);
      }),
      { numRuns: 200 },
    );
    const cyclic: Record<string, unknown> = { text: "x", metadata: {} };
    (cyclic.metadata as Record<string, unknown>).self = cyclic;
    await expect(giving(cyclic).search("x")).rejects.toThrow(/number 1 cannot be read/);
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`);
    await expect(giving(deep).search("x")).rejects.toThrow(/nested deeper than 32/);
  });

  it("an empty list is an answer", async () => {
    expect(await giving().search("x")).toMatchObject({ hits: [], notes: [{ code: "no-hits" }] });
  });

  it("applies a filter to what came and counts what it dropped; hands it on where that is declared", async () => {
    const results = [2021, 2022, 2023].map((year) => ({ id: year, text: `Of ${year}.`, metadata: { year } }));
    const filter = { year: { $gte: 2022 } };
    const { hits, notes } = await giving(...results).search("x", { filter });
    expect(hits.map(({ passage }) => passage.text)).toEqual(["Of 2022.", "Of 2023."]);
    for (const { passage } of hits) expect(matchesFilter(filter, filterRecord(passage))).toBe(true);
    expect(notes).toMatchObject([{ code: "filtered", detail: { dropped: 1, of: 3 } }]);

    const seen: unknown[] = [];
    const handling = live(
      (_, request) => {
        seen.push(request.filter);
        return results.slice(1);
      },
      { name: "fake", handlesFilter: true, runtime },
    );
    expect((await handling.search("x", { filter })).notes).toEqual([]);
    expect(seen).toEqual([filter]);
  });

  it("is recorded in the journal of a run, and replayed from there", async () => {
    let fetches = 0;
    const make = () =>
      live(
        (query) => {
          fetches += 1;
          return [{ id: "a", text: `Answer ${fetches} to ${query}.`, metadata: { fetches } }];
        },
        { name: "fake", usdPerFetch: 0.01 },
      );
    const call = aCall();
    const first = await make().search("one", { call });
    expect(await make().search("one", { call })).toEqual(first);
    await make().search("two", { call });
    expect(fetches).toBe(2);

    const entries = JSON.parse(JSON.stringify(call.journal.entries()));
    const later = aCall({
      journal: memoryJournal({ run: "run-1", runtime, entries }),
      runtime: fixedRuntime({ now: 5 }),
    });
    const replayed = make();
    expect(await replayed.search("one", { call: later })).toEqual(first);
    expect(fetches).toBe(2);
    expect((await replayed.frozen.get(first.hits[0]!.passage.source))?.text.text).toBe("Answer 1 to one.");
    expect(later.meter.usage).toMatchObject({ calls: 1, usd: 0.01 });
  });

  it("stops at its own time limit, at the search's deadline and at the caller's signal, and tells the function", async () => {
    const signals: AbortSignal[] = [];
    const hanging = (timeoutMs: number) =>
      live(
        (_, { signal }) => {
          signals.push(signal);
          return new Promise<string[]>(() => {});
        },
        {
          name: "fake",
          timeoutMs,
          runtime,
        },
      );
    await expect(hanging(5).search("x")).rejects.toMatchObject({ code: "timed-out" });
    expect(await hanging(60_000).search("x", { deadlineMs: 5 })).toMatchObject({
      hits: [],
      notes: [{ code: "deadline-passed", detail: { deadlineMs: 5 } }],
      usage: { calls: 1 },
    });
    const controller = new AbortController();
    const gone = new Error("gone");
    const searching = hanging(60_000).search("x", { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(gone);
    await expect(searching).rejects.toBe(gone);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  it("keeps keys out of errors, causes and notes", async () => {
    const secret = "s3cret-value-0123";
    const leaking = live(
      () => {
        const error = new Error(
          `401 from https://u:pw@api.example/search?q=x&key=abc with ${secret}, Bearer abcdefghijkl`,
        );
        throw Object.assign(error, { status: 401, config: { headers: { Authorization: secret } } });
      },
      { name: "fake", secrets: [secret], runtime },
    );
    const error = (await leaking.search("x").catch((thrown: unknown) => thrown)) as Error & { code: string };
    expect(error.code).toBe("service-refused");
    const { inspect } = await import("node:util");
    const all = inspect(error, { depth: 10 });
    for (const key of [secret, "abc", "pw@", "abcdefghijkl"]) expect(all).not.toContain(key);
    expect(error.cause).toMatchObject({ status: 401 });
  });

  it("refuses options that make no sense", () => {
    for (const options of [
      { name: "" },
      { name: "x", retries: -1 },
      { name: "x", retries: 0.5 },
      { name: "x", perResult: 0 },
      { name: "x", timeoutMs: 0 },
      { name: "x", input: () => ({}) },
      { name: "x", perresult: 3 },
    ] as { name: string }[]) {
      expect(() => live(() => [], options)).toThrow(expect.objectContaining({ code: "invalid-option" }));
    }
    expect(() => live({} as never, { name: "x" })).toThrow(/a function, or a LangChain tool/);
  });

  it("a store that fails is a typed error, and so is a splitter whose spans are not true", async () => {
    const store = { get: () => undefined, set: () => Promise.reject(new Error("disk full")) };
    const storing = live(() => ["text"], { name: "fake", store, runtime });
    await expect(storing.search("x")).rejects.toMatchObject({ code: "storage-failed" });
    const splitter = {
      fingerprint: "wrong@1",
      split: () => [{ ...passageOf("other"), text: "not there" }],
    };
    const cutting = live(() => ["text"], { name: "fake", splitter, runtime });
    await expect(cutting.search("x")).rejects.toThrow(/"wrong@1".*cut wrongly/);
  });
});

const passageOf = (text: string) => ({
  id: "p" as never,
  source: "s",
  ordinal: 0,
  span: [0, text.length] as const,
  text,
  title: "",
  headings: [],
  line: 1,
  metadata: {},
});
