import { describe, expect, it } from "vitest";
import type { JsonValue } from "../json.js";
import type { JournalEntry } from "../run/journal.js";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { eraseTexts } from "./erase-texts.js";
import { hashedLine } from "./line-text.js";
import { openTrace } from "./open-trace.js";
import { sealTrace } from "./seal-trace.js";
import type { Trace, TraceText } from "./trace.js";
import { parseTrace, traceJsonl } from "./trace-jsonl.js";
import { verifyTrace, verifyTraceInSlices } from "./verify-trace.js";

const entries: JournalEntry[] = ["a", "b", "c", "d"].map((text, seq) => ({
  seq,
  at: seq,
  kind: "verdict",
  data: { text },
}));
const made = (run = "r1", all = entries): Trace => sealTrace({ run, entries: all, runtime: fixedRuntime() });
const trace = made();
const lines = trace.lines;
const jsonl = traceJsonl(trace);
const rows = jsonl.split("\n").slice(0, -1);
const joined = (...chosen: readonly (string | undefined)[]): string => chosen.map((row) => `${row}\n`).join("");

describe("verifyTrace", () => {
  it("finds an intact trace intact, as an object, as JSONL and as bytes", () => {
    const root = lines.at(-1)!.hash;
    const whole = {
      code: "intact",
      run: "r1",
      ended: "finished",
      parts: [],
      lines: 5,
      root,
      texts: 4,
      erased: 0,
      redacted: 0,
    };
    expect(verifyTrace(trace)).toEqual(whole);
    expect(verifyTrace(structuredClone(trace), { root })).toEqual(whole);
    expect(verifyTrace(jsonl, { texts: trace.texts })).toEqual(whole);
    expect(verifyTrace(new TextEncoder().encode(jsonl))).toEqual({ ...whole, texts: 0, erased: 4 });
    expect(verifyTrace(made("r1", []))).toMatchObject({ code: "intact", lines: 1 });
  });

  it.each([
    ["altered", 1, joined(rows[0], rows[1]!.replace('"at":1', '"at":7'), ...rows.slice(2))],
    ["dropped", 1, joined(rows[0], ...rows.slice(2))],
    ["dropped", 0, joined(...rows.slice(1))],
    ["added", 2, joined(rows[0], rows[1], rows[1], ...rows.slice(2))],
    ["reordered", 1, joined(rows[0], rows[2], rows[1], ...rows.slice(3))],
    ["truncated", undefined, joined(...rows.slice(0, -1))],
    ["truncated", undefined, ""],
    ["truncated", 4, jsonl.slice(0, -1)],
    ["malformed", 5, `${jsonl}\n`],
    ["malformed", 4, joined(...rows.slice(0, -1), rows[4]!.slice(0, -20))],
    ["malformed", 0, ` ${jsonl}`],
    ["malformed", 0, `\ufeff${jsonl}`],
    ["malformed", 0, jsonl.replaceAll("\n", "\r\n")],
    ["malformed", 0, jsonl.replace('"seq":0', '"seq":0,"seq":0')],
    ["malformed", 0, jsonl.replace('"at":0', '"at":-0')],
    ["malformed", 0, jsonl.replace('"at":0', '"at":0.0')],
    ["malformed", 0, jsonl.replace('"kind":"v', '"kind":"\\u0076')],
    [
      "added",
      5,
      joined(...rows, JSON.stringify(hashedLine({ seq: 5, at: 5, kind: "note", data: 1, prev: lines[4]!.hash }))),
    ],
  ] as const)("finds %s at %j", (what, line, text) => {
    const found = verifyTrace(text);
    expect(found).toMatchObject({ code: "damaged", what });
    expect(found.code === "damaged" && found.line).toBe(line);
    expect(verifyTrace(new TextEncoder().encode(text))).toEqual(found);
  });

  it("finds bytes that are no UTF-8, which a lenient reader would take for what stood there", () => {
    const one = made("r1", [{ seq: 0, at: 1, kind: "note", data: null }]);
    const text = traceJsonl({ ...one, lines: [...one.lines] }).replace('"r1"', '"\ufffd"');
    const bytes = new TextEncoder().encode(text);
    const at = bytes.indexOf(0xbf);
    const shorter = new Uint8Array([...bytes.slice(0, at + 1), ...bytes.slice(at + 2)]);
    expect(new TextDecoder().decode(shorter)).toBe(text);
    expect(verifyTrace(shorter)).toMatchObject({ code: "damaged", what: "malformed" });
  });

  it("finds a trace that was chained anew by its root, and by nothing else", () => {
    const forged = made("r1", [...entries.slice(0, 3), { ...entries[3]!, data: { text: "forged" } }]);
    expect(verifyTrace(forged)).toMatchObject({ code: "intact" });
    expect(verifyTrace(forged, { root: lines.at(-1)!.hash })).toMatchObject({ code: "damaged", what: "root-differs" });
  });

  it("finds lines of another run, and renumbered ones", () => {
    expect(verifyTrace({ ...trace, run: "r2" })).toMatchObject({ what: "altered", line: 4 });
    const renumbered = [...lines.slice(0, 1), ...lines.slice(2)].map((line, seq) => ({ ...line, seq }));
    expect(verifyTrace({ ...trace, lines: renumbered })).toMatchObject({ what: "altered", line: 1 });
    const rehashed = renumbered.map(({ hash: _, ...line }) => hashedLine(line));
    expect(verifyTrace({ ...trace, lines: rehashed })).toMatchObject({ what: "altered", line: 1 });
  });

  it.each([
    ["text", { text: "z" }],
    ["salt", { salt: "0".repeat(32) }],
    ["sources", { sources: ["other"] }],
    ["flag", { anySource: true }],
    ["redaction", { redacted: true }],
    ["field", { more: 1 }],
  ])("finds another %s of a text", (_, change) => {
    const texts = { ...trace.texts, t2: { ...trace.texts.t2!, ...change } as TraceText };
    expect(verifyTrace({ ...trace, texts })).toMatchObject({ code: "damaged", what: "text-altered", line: 2 });
    expect(() => openTrace({ ...trace, texts })).toThrow(expect.objectContaining({ code: "trace-damaged" }));
  });

  it("finds texts that changed places, and one too many", () => {
    const { t0, t1, ...others } = trace.texts;
    const swapped = { ...others, t0: t1!, t1: t0! };
    expect(verifyTrace({ ...trace, texts: swapped })).toMatchObject({ what: "text-altered" });
    expect(verifyTrace({ ...trace, texts: { ...trace.texts, t9: t0! } })).toMatchObject({ what: "text-added" });
  });

  it("counts what was erased, and keeps the rest verifiable", () => {
    const all: JournalEntry[] = [
      { seq: 0, at: 0, kind: "query", data: { query: "before" } },
      { seq: 1, at: 1, kind: "hits", data: { hits: [{ source: "s1", evidence: "E1" }] } },
      { seq: 2, at: 2, kind: "verdict", data: { text: "after" } },
    ];
    const whole = made("r1", all);
    const { texts, erased } = eraseTexts(whole.texts, "s1");
    expect(erased).toBe(2);
    expect(Object.values(texts).map(({ text }) => text)).toEqual(["before"]);
    expect(verifyTrace({ ...whole, texts })).toMatchObject({ code: "intact", texts: 1, erased: 2 });
    expect(() => openTrace({ ...whole, texts })).toThrow(expect.objectContaining({ code: "trace-erased" }));
    expect(eraseTexts(texts, "s1").erased).toBe(0);
  });

  it("says of hostile lines what they are, whatever their size and depth", async () => {
    const first = rows[0]!;
    const data = /"data":\{.*\},"prev"/;
    const withData = (json: string): string => first.replace(data, () => `"data":${json},"prev"`);
    const deep = (levels: number): string => `${"[".repeat(levels)}0${"]".repeat(levels)}`;
    const hostile = [
      withData(deep(500_000)),
      withData(`${'{"a":'.repeat(200_000)}0${"}".repeat(200_000)}`),
      "[".repeat(2_000_000),
      withData(JSON.stringify("x".repeat(10_000_000))),
      withData(`[${"0,".repeat(500_000)}0]`),
      withData('{"text":"t0","text":"t0"}'),
      withData('{"__proto__":1,"__proto__":2}'),
      withData("1e999"),
      "x".repeat(10_000_000),
      "\n".repeat(1_000_000),
    ];
    const found = [];
    for (const line of hostile) found.push(await verifyTraceInSlices(joined(line, ...rows.slice(1))));
    expect(found.map((check) => check.code === "damaged" && check.what)).toEqual([
      ...["malformed", "malformed", "malformed", "altered", "altered"],
      ...["malformed", "malformed", "malformed", "malformed", "malformed"],
    ]);
    const nested = JSON.parse(deep(50_000)) as JsonValue;
    expect(verifyTrace({ ...trace, lines: [{ ...lines[0]!, data: nested }] })).toMatchObject({ what: "malformed" });
    expect(() => parseTrace(joined(withData(deep(100_000))), {})).toThrow(
      expect.objectContaining({ code: "trace-damaged" }),
    );
    // what a run recorded at that depth is a text, and stays readable
    const far = JSON.parse(deep(500)) as JsonValue;
    const sealed = made("r1", [{ seq: 0, at: 0, kind: "plan", data: { also: far } }]);
    expect(verifyTrace(traceJsonl(sealed), { texts: sealed.texts })).toMatchObject({ code: "intact" });
    expect(openTrace(sealed)[0]!.data).toEqual({ also: far });
  });

  it("refuses what is no trace", () => {
    expect(verifyTrace({ ...trace, lines: [{} as never] })).toMatchObject({ what: "malformed", line: 0 });
    expect(() => verifyTrace(null as never)).toThrow(expect.objectContaining({ code: "invalid-option" }));
    expect(() => verifyTrace(trace, { texts: {} })).toThrow(expect.objectContaining({ code: "invalid-option" }));
    expect(() => parseTrace(joined(...rows.slice(0, -1)), {})).toThrow(
      expect.objectContaining({ code: "trace-damaged" }),
    );
    expect(parseTrace(jsonl, trace.texts)).toEqual(trace);
  });
});
