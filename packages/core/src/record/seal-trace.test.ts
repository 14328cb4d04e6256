import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../json.js";
import type { JournalEntry } from "../run/journal.js";
import { aPassage } from "../testing/a-passage.js";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { openTrace } from "./open-trace.js";
import { type SealTraceOptions, sealTrace, sealTraceInSlices } from "./seal-trace.js";
import { parseTrace, traceJsonl } from "./trace-jsonl.js";
import { verifyTrace, verifyTraceInSlices } from "./verify-trace.js";

const entriesOf = (...lines: readonly (readonly [kind: string, data: unknown, call?: string])[]): JournalEntry[] =>
  lines.map(([kind, data, call], seq) => ({
    seq,
    at: 1000 + seq,
    kind,
    ...(call === undefined ? {} : { call }),
    data: JSON.parse(JSON.stringify(data)) as JsonValue,
  }));

const sealOf = (entries: readonly JournalEntry[], options: Partial<SealTraceOptions> = {}) =>
  sealTrace({ run: "r1", entries, runtime: fixedRuntime(), ...options });

const passage = (source: string, text: string) => aPassage({ id: `p-${source}`, source, text });
const hit = (evidence: string, source: string, text: string) => ({
  evidence,
  source,
  score: 0.5,
  passage: passage(source, text),
});

const run = entriesOf(
  ["run", { question: "Who built it?", conversation: [{ question: "Hello?", answer: "Good day." }] }],
  ["route", { kind: "retrieve", question: "Who built the labyrinth?", why: "a fact" }],
  ["query", { hop: 1, subQuestion: "q1", query: "labyrinth", why: "the question" }],
  ["model", { role: "expander", served: "tiny", text: "maze" }, "r1/expander/x/0"],
  ["model", { role: "reranker", served: "tiny", text: "the one about a bull" }, "r1/rank/x/0"],
  ["hits", { hop: 1, subQuestion: "q1", hits: [hit("E1", "a", "Daedalus built it.")] }, "r1/retrieve/q1/0"],
  ["query", { hop: 1, subQuestion: "q2", query: "Daedalus", why: "the name" }],
  ["hits", { hop: 1, subQuestion: "q2", hits: [hit("E2", "b", "He had a son.")] }, "r1/retrieve/q2/0"],
  [
    "verdict",
    { attempt: 1, text: "Daedalus did.", citations: [{ evidence: "E1", span: [0, 18] }], verdict: "supported" },
  ],
);

describe("sealTrace", () => {
  it("leaves numbers, codes and ids in the chain, and nothing that anybody wrote", () => {
    const trace = sealOf(run);
    const chain = traceJsonl(trace);
    for (const said of ["labyrinth", "Daedalus", "maze", "bull", "He had", "Good day", '"a"', "p-a", "the name"]) {
      expect(chain.includes(said), said).toBe(false);
    }
    expect(trace.lines.map(({ kind }) => kind)).toEqual([...run.map(({ kind }) => kind), "closed"]);
    expect(trace.lines[5]!.data).toMatchObject({ hop: 1, subQuestion: "q1", hits: [{ evidence: "E1", score: 0.5 }] });
    expect(trace.lines[8]!.data).toMatchObject({ attempt: 1, verdict: "supported", citations: [{ span: [0, 18] }] });
    expect(trace.lines[5]!.call).toBe("r1/retrieve/q1/0");
    expect(trace.lines[3]!.call).toMatchObject({ text: expect.any(String) });
    const { hash: _, ...end } = trace.lines.at(-1)!;
    expect(end.data).toEqual({ format: 1, run: "r1", lines: 9, head: end.prev, ended: "finished", redacted: 0 });
  });

  it("names the sources that each text is of, or may repeat", () => {
    const trace = sealOf(run, { heard: ["old"] });
    const of = (text: string) => {
      const found = Object.values(trace.texts).filter(
        (one) => one.text === text || one.text.includes(`"text":"${text}"`),
      );
      return found.map(({ sources, anySource }) => [...sources, ...(anySource === true ? ["*"] : [])]);
    };
    expect(of("Who built it?")).toEqual([[]]);
    expect(of("Good day.")).toEqual([["old"]]);
    expect(of("Hello?")).toEqual([["old"]]);
    expect(of("labyrinth")).toEqual([["old"]]);
    expect(of("maze")).toEqual([["old"]]);
    expect(of("the one about a bull")).toEqual([["old", "*"]]);
    expect(of("Daedalus built it.")).toEqual([["a"]]);
    expect(of("the name")).toEqual([["old", "a"]]);
    expect(of("He had a son.")).toEqual([["b"]]);
    expect(of("Daedalus did.")).toEqual([["old", "a", "b"]]);
    // of a conversation that the caller brought, nobody knows what it repeats
    const brought = sealOf(run, { heard: "any" });
    const question = Object.values(brought.texts).filter(({ anySource }) => anySource !== true);
    expect(question.map(({ text }) => text)[0]).toBe("Who built it?");
    expect(question.slice(1).map(({ text }) => text[0])).toEqual(["{", "{"]);
  });

  it("seals a part as a trace of its own, which names those before it", () => {
    const root = "0".repeat(63).concat("1");
    const part = sealOf(run.slice(0, 4), { ended: "waiting", part: 2, parts: [root] });
    expect(part.run).toBe("r1#2");
    expect(part.lines.at(-1)!.data).toMatchObject({ run: "r1#2", of: "r1", ended: "waiting", parts: [root] });
    expect(verifyTrace(part)).toMatchObject({ code: "intact", run: "r1#2", ended: "waiting", parts: [root] });
    expect(part.lines[3]!.call).toEqual(sealOf(run).lines[3]!.call);
    expect(openTrace(part)).toEqual(run.slice(0, 4));
    for (const wrong of [{ part: 1 }, { part: 0, ended: "failed" }] as const) {
      expect(() => sealOf(run, wrong)).toThrow(expect.objectContaining({ code: "invalid-option" }));
    }
  });

  it("lets others have their turn while it seals and verifies what is long, and comes to the same", async () => {
    const long = entriesOf(
      ["run", { question: "q" }],
      [
        "passages",
        { passages: Array.from({ length: 40 }, (_, n) => passage(`s${n}`, `${n} ${"long ".repeat(10_000)}`)) },
      ],
    );
    const whole = sealOf(long);
    let turns = 0;
    const turn = setInterval(() => turns++, 0);
    const options = { run: "r1", entries: long, runtime: fixedRuntime() };
    try {
      expect(await sealTraceInSlices(options)).toEqual(whole);
      expect(turns).toBeGreaterThanOrEqual(5);
      turns = 0;
      expect(await verifyTraceInSlices(whole)).toEqual(verifyTrace(whole));
      expect(turns).toBeGreaterThanOrEqual(5);
    } finally {
      clearInterval(turn);
    }
    const gone = new AbortController();
    setTimeout(() => gone.abort("gone"), 0);
    await expect(sealTraceInSlices({ ...options, signal: gone.signal })).rejects.toBe("gone");
    await expect(verifyTraceInSlices(whole, { signal: AbortSignal.abort("left") })).rejects.toBe("left");
  });

  it("is undone by openTrace, whatever the entries hold (property)", () => {
    const strange = fc.constantFrom(
      ...[
        "__proto__",
        "constructor",
        "toJSON",
        "hash",
        "text",
        "json",
        "0",
        "12",
        "\ud800",
        "\u2028",
        "t0",
        "closed",
        "x-other",
      ],
    );
    const names = fc.oneof(
      fc.string(),
      strange,
      fc.constantFrom("hits", "evidence", "score", "kind", "source", "value"),
    );
    const leaves = fc.oneof(
      fc.string({ unit: "binary" }),
      strange,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(-0, true, null, "E1", "q1", "supported"),
      fc.record({ text: fc.constantFrom("t0", "t1"), hash: fc.constant("0".repeat(64)) }, { noNullPrototype: true }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, leaves, fc.array(tie("value")), tie("object")),
      object: fc.dictionary(names, tie("value"), { noNullPrototype: true }),
    }));
    const kinds = fc.constantFrom("hits", "model", "judge", "live", "verdict", "run", "closed", "x-other", "", "Ä");
    const entry = fc.record({ at: fc.nat(), kind: kinds, call: fc.option(names, { nil: undefined }), data: value });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), fc.string({ unit: "binary" }), (drawn, id) => {
        const entries = drawn.map(({ at, kind, call, data }, seq): JournalEntry => {
          return { seq, at, kind, ...(call === undefined ? {} : { call }), data: data as JsonValue };
        });
        const trace = sealTrace({ run: id, entries, runtime: fixedRuntime() });
        expect(verifyTrace(trace)).toMatchObject({ code: "intact", run: id, erased: 0 });
        const stored = parseTrace(traceJsonl(trace), JSON.parse(JSON.stringify(trace.texts)));
        expect(verifyTrace(traceJsonl(trace), { texts: stored.texts })).toEqual(verifyTrace(trace));
        for (const one of [trace, stored]) {
          // the matchers compare a field named constructor by identity
          expect(isDeepStrictEqual(openTrace(one), entries)).toBe(true);
          expect(JSON.stringify(openTrace(one))).toBe(JSON.stringify(entries));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps the same text of the same sources once, each with a salt of its own", () => {
    const note = ["note", { code: "cut", message: "It was cut." }] as const;
    const { texts } = sealOf(entriesOf(note, note, ["note", { code: "cut", message: "Cut again." }]));
    expect(Object.values(texts).map(({ text }) => text)).toEqual(["It was cut.", "Cut again."]);
    const salts = new Set(
      Object.values(sealTrace({ run: "r", entries: run, runtime: { now: () => 1 } }).texts).map(({ salt }) => salt),
    );
    expect(salts.size).toBeGreaterThan(10);
  });

  it("redacts before it hashes and keeps, and says how many", () => {
    const redact = (text: string, { kind }: { kind: string }) =>
      kind === "run" ? text : text.replaceAll("Daedalus", "…");
    const trace = sealOf(run, { redact });
    expect(JSON.stringify(trace)).not.toContain("Daedalus");
    expect(trace.lines.at(-1)!.data).toMatchObject({ redacted: 3 });
    expect(verifyTrace(trace)).toMatchObject({ code: "intact", redacted: 3 });
    expect(() => openTrace(trace)).toThrow(expect.objectContaining({ code: "trace-redacted" }));
    const kept = openTrace(trace, { redacted: "keep" });
    expect(kept[8]!.data).toMatchObject({ text: "… did." });
    expect(kept[5]!.data).toMatchObject({ hits: [{ passage: { id: "p-a", source: "a", text: "… built it." } }] });
  });

  it("refuses entries out of order, a hook that fails and one that gives no text", () => {
    const refused = expect.objectContaining({ code: "invalid-option" });
    expect(() => sealOf(run.slice(1))).toThrow(refused);
    const failing = () => {
      throw new Error("the hook broke on Daedalus");
    };
    expect(() => sealOf(run, { redact: failing })).toThrow(refused);
    expect(() => sealOf(run, { redact: (() => 5) as never })).toThrow(/redact/);
    expect(() => sealOf(run, { runtime: { now: () => 1, salt: () => "salt" } })).toThrow(/salt/);
  });
});
