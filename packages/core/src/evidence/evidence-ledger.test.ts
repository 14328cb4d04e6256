import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hit } from "../search/hit.js";
import { passageId } from "../source/passage-id.js";
import type { EvidenceId, EvidenceRecord } from "./evidence.js";
import { evidenceLedger } from "./evidence-ledger.js";

const hit = (id: string, score = 1, text = `text of ${id}`): Hit => ({
  passage: {
    id: passageId(id),
    source: "s",
    ordinal: 0,
    span: [0, text.length],
    text,
    title: "",
    headings: [],
    line: 1,
    metadata: {},
  },
  score,
  explain: { kind: "other", name: "test", detail: {} },
});

describe("evidenceLedger", () => {
  it("gives ids in order of arrival and returns only what is new", () => {
    const ledger = evidenceLedger();
    expect(ledger.add([hit("b", 0.5), hit("a", 0.4)], { query: "one", hop: 1 }).map(({ id }) => id)).toEqual([
      "E1",
      "E2",
    ]);
    const fresh = ledger.add([hit("a", 0.9), hit("c", 0.1)], { query: "two", hop: 2 });
    expect(fresh).toMatchObject([{ id: "E3", hop: 2, queries: ["two"], score: 0.1 }]);
    expect(ledger.get("E2")).toMatchObject({ score: 0.9, hop: 1, queries: ["one", "two"], passage: { id: "a" } });
    expect(ledger.list().map(({ id }) => id)).toEqual(["E1", "E2", "E3"]);
  });

  it("changes nothing when a search is repeated", () => {
    const ledger = evidenceLedger();
    ledger.add([hit("a", 0.9)], { query: "q", hop: 1 });
    const before = ledger.toJSON();
    expect(ledger.add([hit("a", 0.3)], { query: "q", hop: 1 })).toEqual([]);
    expect(ledger.toJSON()).toEqual(before);
  });

  it("D2: keeps passages of one text apart", () => {
    const ledger = evidenceLedger();
    ledger.add([hit("a", 1, "same"), hit("b", 1, "same")], { query: "q", hop: 1 });
    expect(ledger.list().map(({ passage }) => passage.id)).toEqual(["a", "b"]);
  });

  it("knows exact ids only", () => {
    const ledger = evidenceLedger();
    ledger.add([hit("a")], { query: "q", hop: 1 });
    for (const id of ["e1", "[E1]", " E1", "E01", "E2", "", "__proto__", "constructor"])
      expect(ledger.get(id)).toBeUndefined();
  });

  it("takes in nothing of a search with a score that is no number", () => {
    const ledger = evidenceLedger();
    expect(() => ledger.add([hit("a"), hit("b", Number.NaN)], { query: "q", hop: 1 })).toThrow(/finite/);
    expect(() => ledger.add([hit("a")], { query: "q", hop: 0 })).toThrow(/hop/);
    expect(ledger.list()).toEqual([]);
  });

  it("hands out nothing through which it can be changed", () => {
    const ledger = evidenceLedger();
    ledger.add([hit("a")], { query: "q", hop: 1 });
    (ledger.toJSON()[0]!.queries as string[]).push("x");
    (ledger.get("E1")!.queries as string[]).push("x");
    expect(ledger.get("E1")!.queries).toEqual(["q"]);
  });

  it("keeps the place of a record whose passage is gone", () => {
    const first = evidenceLedger();
    first.add([hit("a"), hit("b")], { query: "q", hop: 1 });
    const second = evidenceLedger({ records: first.toJSON(), passages: [hit("a").passage] });
    expect(second.get("E2")).toBeUndefined();
    expect(second.missing().map(({ id }) => id)).toEqual(["E2"]);
    expect(second.add([hit("c")], { query: "r", hop: 2 })[0]!.id).toBe("E3");
    expect(second.add([hit("b")], { query: "r", hop: 2 })).toEqual([]);
    expect(second.get("E2")).toMatchObject({ passage: { id: "b" }, queries: ["q", "r"] });
    expect(second.missing()).toEqual([]);
  });

  it("refuses records that are not a ledger's", () => {
    const record = (id: string, passage: string): EvidenceRecord => ({
      id: id as EvidenceId,
      passage: passageId(passage),
      score: 1,
      hop: 1,
      queries: [],
    });
    expect(() => evidenceLedger({ records: [record("E0", "a")] })).toThrow(/E1, E2/);
    expect(() => evidenceLedger({ records: [record("E1", "a"), record("E1", "b")] })).toThrow(/of their own/);
    expect(() => evidenceLedger({ records: [record("E1", "a"), record("E2", "a")] })).toThrow(/of their own/);
  });

  it("goes on after JSON as if it had not stopped", () => {
    const search = fc.record({
      ids: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e")),
      query: fc.constantFrom("q", "r", "s"),
      score: fc.integer({ min: 0, max: 9 }),
      hop: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(search), fc.array(search), (before, after) => {
        const through = evidenceLedger();
        for (const { ids, score, ...found } of before)
          through.add(
            ids.map((id) => hit(id, score)),
            found,
          );
        const resumed = evidenceLedger({
          records: JSON.parse(JSON.stringify(through)),
          passages: through.list().map(({ passage }) => passage),
        });
        for (const ledger of [through, resumed])
          for (const { ids, score, ...found } of after)
            ledger.add(
              ids.map((id) => hit(id, score)),
              found,
            );
        expect(resumed.list()).toEqual(through.list());
        expect(through.list().map(({ id }) => id)).toEqual(through.list().map((_, index) => `E${index + 1}`));
      }),
    );
  });
});
