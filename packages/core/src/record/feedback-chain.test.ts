import { describe, expect, it } from "vitest";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { appendFeedback, type FeedbackChain, readFeedback } from "./feedback-chain.js";
import { sealTrace } from "./seal-trace.js";

const runtime = fixedRuntime({ tick: 1 });
const entries = [{ seq: 0, at: 1, kind: "hits", data: { hits: [{ source: "s1" }] } }];
const trace = sealTrace({ run: "r1", entries, runtime });
const root = trace.lines.at(-1)!.hash;
const none: FeedbackChain = { lines: [], texts: {} };
const chain = ["one", "two", "three"].reduce(
  (before, correction) => appendFeedback(trace, before, { verdict: "wrong", correction, consent: "record" }, runtime),
  none,
);

describe("feedback", () => {
  it("hangs on the trace, line by line; corrections lie beside it and go with the trace's sources", () => {
    expect(readFeedback(chain, root).map(({ correction }) => correction)).toEqual(["one", "two", "three"]);
    expect(chain.lines[0]!.prev).toBe(root);
    expect(JSON.stringify(chain.lines)).not.toContain('"two"');
    expect(Object.values(chain.texts).map(({ sources }) => sources)).toEqual([["s1"], ["s1"], ["s1"]]);
  });

  it.each([
    ["an altered line", { ...chain, lines: chain.lines.map((line) => ({ ...line, at: line.at + 1 })) }],
    ["a dropped line", { ...chain, lines: chain.lines.slice(1) }],
    ["lines in another order", { ...chain, lines: [chain.lines[1]!, chain.lines[0]!, chain.lines[2]!] }],
    ["a line twice", { ...chain, lines: [...chain.lines, chain.lines[2]!] }],
    ["a correction too many", { ...chain, texts: { ...chain.texts, more: Object.values(chain.texts)[0]! } }],
    [
      "an altered correction",
      { ...chain, texts: Object.fromEntries(Object.entries(chain.texts).map(([k, t]) => [k, { ...t, text: "x" }])) },
    ],
  ])("finds %s", (_, damaged) => {
    expect(() => readFeedback(damaged, root)).toThrow(expect.objectContaining({ code: "trace-damaged" }));
  });

  it("does not hang on another trace", () => {
    expect(() => readFeedback(chain, "0".repeat(64))).toThrow(expect.objectContaining({ code: "trace-damaged" }));
  });
});
