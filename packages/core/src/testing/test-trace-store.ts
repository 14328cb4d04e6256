import { describe, expect, it } from "vitest";
import { openTrace } from "../record/open-trace.js";
import { sealTrace } from "../record/seal-trace.js";
import type { Trace } from "../record/trace.js";
import type { Feedback, TraceStore } from "../record/trace-store.js";
import { verifyTrace } from "../record/verify-trace.js";
import type { JournalEntry } from "../run/journal.js";
import { scope } from "../scope/scope.js";
import { aPassage } from "./a-passage.js";
import { fixedRuntime } from "./fixed-runtime.js";

/** Options of {@link testTraceStore}. */
export interface TestTraceStoreOptions {
  /** Opens an empty store. */
  open: () => TraceStore | Promise<TraceStore>;
}

const [amy, bob, other] = [
  scope("acme", { principals: ["amy"] }),
  scope("acme", { principals: ["bob"] }),
  scope("other", { principals: ["amy"] }),
];
const code = (value: string) => expect.objectContaining({ code: value });
const wrong: Feedback = { verdict: "wrong", correction: "It was Icarus who fell.", consent: "evaluation" };

/** A trace whose run saw the sources in this order, each with its text. */
function aTrace(run: string, sources: readonly string[], at = 1_700_000_000_000): Trace {
  const lines: (readonly [kind: string, data: JournalEntry["data"]])[] = [["run", { question: `Who? (${run})` }]];
  for (const [index, source] of sources.entries()) {
    const passage = aPassage({ id: `p-${source}`, source, text: `The text of ${source}.` });
    const hits = [{ evidence: `E${index + 1}`, source, score: 1, passage }];
    lines.push(["query", { hop: index + 1, query: `query ${index}` }]);
    lines.push(["hits", JSON.parse(JSON.stringify({ hop: index + 1, hits }))]);
  }
  lines.push(["answer", { status: "answered", text: `The answer of ${run}.` }]);
  const entries = lines.map(([kind, data], seq): JournalEntry => ({ seq, at, kind, data }));
  return sealTrace({ run, entries, runtime: fixedRuntime({ now: at, seed: run.length }) });
}

const all = async (runs: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const run of runs) found.push(run);
  return found;
};

/** The contract of a {@link TraceStore}, as tests. */
export function testTraceStore({ open }: TestTraceStoreOptions): void {
  const erase = (store: TraceStore, source: string, by = amy) => store.erase(by, { source, passages: [] });

  describe("trace store contract", () => {
    it("gives back what was written, and knows what it never had", async () => {
      const store = await open();
      const trace = aTrace("r1", ["a", "b"]);
      await store.write(amy, trace);
      expect(await store.read(amy, "r1")).toEqual(trace);
      expect(verifyTrace((await store.read(amy, "r1"))!)).toEqual(verifyTrace(trace));
      expect(await store.read(amy, "r2")).toBeUndefined();
      expect(await store.feedbackOf(amy, "r2")).toEqual([]);
    });

    it("takes the same trace again, and no other under its run", async () => {
      const store = await open();
      const trace = aTrace("r1", ["a"]);
      await store.write(amy, trace);
      await store.write(amy, trace);
      expect(await all(store.list(amy))).toEqual(["r1"]);
      await expect(store.write(amy, aTrace("r1", ["b"]))).rejects.toThrow(code("invalid-option"));
      expect(await store.read(amy, "r1")).toEqual(trace);
    });

    it("refuses a trace that does not verify", async () => {
      const store = await open();
      const trace = aTrace("r1", ["a"]);
      const cut = { ...trace, lines: trace.lines.slice(0, -1) };
      await expect(store.write(amy, cut)).rejects.toThrow(code("trace-damaged"));
      expect(await store.read(amy, "r1")).toBeUndefined();
      expect(await all(store.list(amy))).toEqual([]);
    });

    it("shows a scope its own traces alone: no other tenant's, and no other person's", async () => {
      const store = await open();
      await store.write(amy, aTrace("r1", ["a"]));
      for (const stranger of [bob, other, scope("acme"), scope("acme", { principals: ["amy", "bob"] })]) {
        expect(await store.read(stranger, "r1")).toBeUndefined();
        expect(await all(store.list(stranger))).toEqual([]);
        expect(await store.feedbackOf(stranger, "r1")).toEqual([]);
        await expect(store.feedback(stranger, "r1", wrong)).rejects.toThrow(code("not-found"));
      }
      // one run id in two scopes: two traces
      await store.write(bob, aTrace("r1", ["b"]));
      expect(await store.read(amy, "r1")).toEqual(aTrace("r1", ["a"]));
    });

    it("lists runs by the time of their closing, then by id", async () => {
      const store = await open();
      for (const [run, at] of [
        ["late", 3],
        ["b", 2],
        ["a", 2],
        ["early", 1],
      ] as const) {
        await store.write(amy, aTrace(run, ["a"], at));
      }
      expect(await all(store.list(amy))).toEqual(["early", "a", "b", "late"]);
    });

    it("takes any run id", async () => {
      const store = await open();
      const ids = ["../../etc/passwd", "a/b", "..", ".", "", "con", "x".repeat(5000), "\u0000", "\ud800", "Ä", "a\nb"];
      for (const id of ids) await store.write(amy, aTrace(id, ["a"]));
      for (const id of ids) expect((await store.read(amy, id))?.run).toBe(id);
      expect((await all(store.list(amy))).length).toBe(ids.length);
    });

    it("appends feedback, oldest first, under the root of the trace", async () => {
      const store = await open();
      const trace = aTrace("r1", ["a"]);
      await store.write(amy, trace);
      const root = trace.lines.at(-1)!.hash;
      const said = await store.feedback(amy, "r1", wrong);
      expect(said).toMatchObject({ answer: "r1", root, ...wrong });
      expect(said.at).toBeGreaterThan(0);
      const right: Feedback = { verdict: "right", consent: "record" };
      await store.feedback(amy, "r1", right);
      const found = await store.feedbackOf(amy, "r1");
      expect(found).toMatchObject([wrong, right]);
      expect(found[1]).not.toHaveProperty("correction");
      expect(await store.read(amy, "r1")).toEqual(trace);
      await expect(store.feedback(amy, "r2", right)).rejects.toThrow(code("not-found"));
    });

    it.each([
      { verdict: "good", consent: "record" },
      { verdict: "right" },
      { verdict: "right", consent: "yes" },
      { verdict: "right", consent: "record", correction: 5 },
      { verdict: "right", consent: "record", text: "more" },
    ])("refuses the feedback %j", async (feedback) => {
      const store = await open();
      await store.write(amy, aTrace("r1", ["a"]));
      await expect(store.feedback(amy, "r1", feedback as Feedback)).rejects.toThrow(code("invalid-option"));
      expect(await store.feedbackOf(amy, "r1")).toEqual([]);
    });

    it("erases what is of a source or may repeat it, whoever of the tenant asked; the chains still verify", async () => {
      const store = await open();
      const traces = { r1: aTrace("r1", ["a", "b"]), r2: aTrace("r2", ["b"]), r3: aTrace("r3", ["a"]) };
      await store.write(amy, traces.r1);
      await store.write(amy, traces.r2);
      await store.write(bob, traces.r3);
      await store.write(other, traces.r3);
      await store.feedback(amy, "r1", wrong);
      const [place] = await erase(store, "a");
      expect(place).toMatchObject({ place: "traces", removed: { traces: 2, corrections: 1 } });
      const r1 = (await store.read(amy, "r1"))!;
      expect(r1.lines).toEqual(traces.r1.lines);
      const check = verifyTrace(r1);
      const r3 = verifyTrace((await store.read(bob, "r3"))!);
      expect(check).toMatchObject({ code: "intact" });
      const erased = [check, r3].map((one) => (one.code === "intact" ? one.erased : 0));
      expect(place!.removed.texts).toBe(erased[0]! + erased[1]!);
      const left = Object.values(r1.texts).map(({ text }) => text);
      // the question came before, and the passage of the other source is of that one alone
      expect(left).toContain("Who? (r1)");
      expect(left.some((text) => text.includes("The text of b."))).toBe(true);
      expect(JSON.stringify([left, await store.feedbackOf(amy, "r1")])).not.toMatch(
        /The text of a|answer of r1|Icarus/,
      );
      expect(await store.feedbackOf(amy, "r1")).toMatchObject([{ verdict: "wrong", erased: true }]);
      expect(() => openTrace(r1)).toThrow(code("trace-erased"));
      expect(await store.read(amy, "r2")).toEqual(traces.r2);
      expect(await store.read(other, "r3")).toEqual(traces.r3);
    });

    it("forgets one run whole, what its asker wrote too, and its parts; the chain still verifies, others are untouched", async () => {
      const store = await open();
      for (const run of ["r1", "r1#1", "r1#x", "r2"]) await store.write(amy, aTrace(run, ["a"]));
      await store.feedback(amy, "r1", wrong);
      const untouched = await store.read(amy, "r2");
      expect(await store.forget(bob, "r1")).toMatchObject({ place: "traces", removed: { traces: 0, texts: 0 } });
      expect((await store.forget(amy, "r1")).removed).toMatchObject({ traces: 2, corrections: 1 });
      for (const run of ["r1", "r1#1"]) {
        const left = (await store.read(amy, run))!;
        expect(left.texts).toEqual({});
        expect(verifyTrace(left).code).toBe("intact");
        expect(() => openTrace(left)).toThrow(code("trace-erased"));
      }
      expect(await store.feedbackOf(amy, "r1")).toMatchObject([{ verdict: "wrong", erased: true }]);
      expect(await store.read(amy, "r2")).toEqual(untouched);
      expect(Object.keys((await store.read(amy, "r1#x"))!.texts)).not.toHaveLength(0);
      expect((await store.forget(amy, "r1")).removed).toMatchObject({ traces: 0, texts: 0, corrections: 0 });
    });

    it("finds nothing where it erased before, and does not take the texts in again", async () => {
      const store = await open();
      const trace = aTrace("r1", ["a"]);
      expect(await erase(store, "a")).toEqual([
        { place: "traces", removed: { traces: 0, texts: 0, corrections: 0 }, notes: [] },
      ]);
      await store.write(amy, trace);
      await erase(store, "a");
      const [again] = await erase(store, "a", bob);
      expect(again!.removed).toEqual({ traces: 0, texts: 0, corrections: 0 });
      await store.write(amy, trace);
      expect(JSON.stringify(await store.read(amy, "r1"))).not.toContain("The text of a");
      // what is said afterwards may repeat what nobody can look up any more
      await store.feedback(amy, "r1", wrong);
      expect((await erase(store, "z"))[0]!.removed.corrections).toBe(1);
    });

    it("stops when the signal is aborted", async () => {
      const store = await open();
      const gone = new Error("the caller has gone");
      const signal = AbortSignal.abort(gone);
      await expect(store.write(amy, aTrace("r1", ["a"]), { signal })).rejects.toBe(gone);
      await expect(store.read(amy, "r1", { signal })).rejects.toBe(gone);
      await expect(store.feedback(amy, "r1", wrong, { signal })).rejects.toBe(gone);
      await expect(store.erase(amy, { source: "a", passages: [], signal })).rejects.toBe(gone);
      expect(await store.read(amy, "r1")).toBeUndefined();
    });
  });
}
