import { memoryTraces, openTrace, scope, type Trace, verifyTrace } from "@clew/core";
import { expect, it } from "vitest";
import { replay } from "../replay/replay.js";
import { chainQuestion, myths } from "../test/myths.js";
import { researchModel } from "../test/research-helpers.js";
import { createResearcher } from "./create-researcher.js";

const acme = scope("acme");
const code = (value: string) => expect.objectContaining({ code: value });
const rooted = ({ lines }: Trace): string => lines.at(-1)!.hash;

it.each([
  ["the extractive policy", {}],
  ["a model", { models: researchModel() }],
])("the records of a report and of its sections, by %s", async (_, options) => {
  const traces = memoryTraces();
  const researcher = createResearcher({ retriever: myths(), traces, parallel: 2, ...options });
  const report = await researcher.research(chainQuestion);
  expect(await traces.read(acme, report.id)).toEqual(report.trace);
  expect(verifyTrace(report.trace)).toMatchObject({ code: "intact", run: report.id, ended: "finished" });
  const named = openTrace(report.trace).flatMap(({ kind, data }) =>
    kind === "section" ? [data as { section: string; root: string }] : [],
  );
  expect(named.map(({ section }) => section)).toEqual(report.sections.map(({ id }) => id));
  const sections: Trace[] = [];
  for (const { section, root } of named) {
    const trace = (await traces.read(acme, `${report.id}-${section}`))!;
    expect(verifyTrace(trace, { root })).toMatchObject({ code: "intact", ended: "finished" });
    expect(rooted(trace)).toBe(root);
    sections.push(trace);
    // what the section answered, from its record alone
    const answer = await replay(trace);
    expect(answer.id).toBe(`${report.id}-${section}`);
    expect(answer.trace).toEqual(trace);
  }
  await expect(replay(report.trace)).rejects.toThrow(code("not-replayable"));
  const said = { verdict: "partly", correction: "There is more.", consent: "record" } as const;
  await researcher.feedback(report.id, said);
  await researcher.feedback(`${report.id}-${named[0]!.section}`, said);
  expect(await traces.feedbackOf(acme, report.id)).toMatchObject([{ answer: report.id, ...said }]);
  await expect(researcher.feedback("another", said)).rejects.toThrow(code("not-found"));

  const { source, text } = report.evidence[0]!.passage;
  const [place] = await traces.erase(acme, { source, passages: [] });
  expect(place!.removed.traces).toBeGreaterThanOrEqual(2);
  expect(place!.removed.corrections).toBeGreaterThanOrEqual(1);
  for (const { run, lines } of [report.trace, ...sections]) {
    const left = (await traces.read(acme, run))!;
    expect(verifyTrace(left, { root: lines.at(-1)!.hash })).toMatchObject({ code: "intact" });
    expect(JSON.stringify(left)).not.toContain(text.slice(0, 40));
  }
  expect(() => openTrace(report.trace)).not.toThrow();
});

it("the redaction hook sees the texts of all of them", async () => {
  const traces = memoryTraces();
  const redact = (text: string): string => text.replaceAll("Daedalus", "[name]");
  const report = await createResearcher({ retriever: myths(), traces, redact }).research(chainQuestion);
  let runs = 0;
  for await (const run of traces.list(acme)) {
    const trace = (await traces.read(acme, run))!;
    expect(JSON.stringify(trace)).not.toContain("Daedalus");
    const check = verifyTrace(trace);
    expect(check.code === "intact" && check.redacted > 0).toBe(true);
    runs += 1;
  }
  expect(runs).toBe(report.sections.length + 1);
});

it("feedback needs a store", async () => {
  const feedback = { verdict: "right", consent: "record" } as const;
  await expect(createResearcher({ retriever: myths() }).feedback("r", feedback)).rejects.toThrow(
    code("invalid-option"),
  );
});
