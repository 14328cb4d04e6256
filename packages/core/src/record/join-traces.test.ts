import { expect, it } from "vitest";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { eraseTexts } from "./erase-texts.js";
import { joinTraces } from "./join-traces.js";
import { openTrace } from "./open-trace.js";
import { sealTrace } from "./seal-trace.js";
import { verifyTrace } from "./verify-trace.js";

const runtime = fixedRuntime();
const traceOf = (run: string, source: string) =>
  sealTrace({
    run,
    entries: [
      { seq: 0, at: 1, kind: "hits", call: `odd/${run}`, data: { hits: [{ source }] } },
      { seq: 1, at: 2, kind: "verdict", data: { text: `Said by ${run}.` } },
    ],
    runtime,
  });
const [one, two] = [traceOf("r1", "a"), traceOf("r2", "b")];

it("joins traces into one that verifies, with the root of each", () => {
  const joined = joinTraces({ run: "whole", traces: [one, two], runtime });
  expect(verifyTrace(joined)).toMatchObject({ code: "intact", run: "whole", lines: 7, erased: 0 });
  const renumbered = (entries: ReturnType<typeof openTrace>, from: number) =>
    entries.map((entry, index) => ({ ...entry, seq: from + index }));
  const opened = openTrace(joined);
  expect(opened.filter(({ kind }) => kind !== "part")).toEqual([
    ...renumbered(openTrace(one), 0),
    ...renumbered(openTrace(two), 3),
  ]);
  expect(opened.filter(({ kind }) => kind === "part").map(({ data }) => data)).toEqual([
    { run: "r1", root: one.lines.at(-1)!.hash },
    { run: "r2", root: two.lines.at(-1)!.hash },
  ]);
});

it("keeps the sources of texts, and what was erased erased", () => {
  const joined = joinTraces({
    run: "whole",
    traces: [one, { ...two, texts: eraseTexts(two.texts, "b").texts }],
    runtime,
  });
  expect(verifyTrace(joined)).toMatchObject({ code: "intact", erased: 3 });
  const { texts } = eraseTexts(joined.texts, "a");
  expect(verifyTrace({ ...joined, texts })).toMatchObject({ code: "intact", texts: 0, erased: 6 });
});

it("refuses a trace that was altered, and none at all", () => {
  expect(() => joinTraces({ run: "w", traces: [{ ...one, run: "r9" }], runtime })).toThrow(
    expect.objectContaining({ code: "trace-damaged" }),
  );
  expect(() => joinTraces({ run: "w", traces: [], runtime })).toThrow(
    expect.objectContaining({ code: "invalid-option" }),
  );
});
