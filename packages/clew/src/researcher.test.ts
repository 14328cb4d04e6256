import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createResearcher, type Report } from "@clew/agents";
import { type IndexView, openTrace, scope, verifyTrace } from "@clew/core";
import { fixedRuntime, scriptedModel } from "@clew/core/testing";
import { memoryIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { lexical } from "@clew/retrievers";
import { beforeAll, describe, expect, it } from "vitest";

const sample = fileURLToPath(new URL("../../../examples/ask/sample/", import.meta.url));
let view: IndexView;
const texts = new Map<string, string>();
const questions: string[] = [];

beforeAll(async () => {
  const sources = files([`${sample}wikipedia`]);
  const index = memoryIndex();
  const reader = scope("reader");
  await index.sync(reader, sources, { removeMissing: false });
  view = index.in(reader);
  for await (const source of sources) if ("read" in source) texts.set(source.id, (await source.read({})).text.text);
  const asked: { question: string }[] = JSON.parse(await readFile(`${sample}questions.json`, "utf8"));
  questions.push(...asked.map(({ question }) => question));
}, 120_000);

/** Every citation is its source's text, and the marks count in the order of the document. */
function expectVerified(
  { sections, references, markdown, evidence }: Report,
  of: ReadonlyMap<string, string> = texts,
): void {
  const ids = new Set<string>(evidence.map(({ id }) => id));
  let quoted = 0;
  for (const { citations } of sections.flatMap(({ sentences }) => sentences)) {
    for (const { source, span, quote, evidence: id } of citations) {
      expect(of.get(source)?.slice(...span)).toBe(quote);
      expect(ids).toContain(id);
      quoted += 1;
    }
  }
  expect(quoted).toBeGreaterThan(0);
  const [text] = markdown.split("\n## Sources\n");
  const marks = [...new Set([...text!.matchAll(/(?<!\\)\[(\d+)\]/g)].map(([, mark]) => Number(mark)))];
  expect(marks).toEqual(references.map(({ number }) => number));
}

describe("the researcher over the sample corpus", () => {
  it("writes digests of quotes: every citation verbatim, each quote once, one numbering, within its budget", async () => {
    for (const question of questions.slice(4, 10)) {
      const researcher = createResearcher({ retriever: lexical(view), budget: { hops: 9 }, runtime: fixedRuntime() });
      const report = await researcher.research(question);
      expectVerified(report);
      const said = report.sections.flatMap(({ sentences }) => sentences.map((sentence) => sentence.text));
      expect(new Set(said).size).toBe(said.length);
      expect(verifyTrace(report.trace)).toMatchObject({ code: "intact" });
      const spent = openTrace(report.trace).flatMap(({ kind, data }) =>
        kind === "section" ? [(data as unknown as { hops: number }).hops] : [],
      );
      expect(spent.reduce((sum, hops) => sum + hops, 1)).toBeLessThanOrEqual(9);
    }
  }, 120_000);

  it("writes what a model says as far as quotes hold it", async () => {
    const asked = ["Who was Harry Prowell?", "How long is a race of 10,000 metres?"];
    const models = scriptedModel({
      answers: ({ messages: [system, user] }) => {
        const role = system!.text.slice(0, 11);
        const question = asked.find((one) => user!.text.includes(one)) ?? "";
        const prowell = question === asked[0];
        const quote = prowell ? "was a Guyanese long distance runner" : "25 laps around an Olympic-sized track";
        // a draft that is to be repaired repeats the quote
        const evidence = user!.text.slice(user!.text.indexOf("<<<evidence"));
        const shown = evidence.slice(0, evidence.indexOf(quote));
        const id = shown
          .match(/<<<evidence E\d+/g)
          ?.at(-1)
          ?.slice(12);
        if (role === "You outline") {
          const sections = asked.map((one) => ({ heading: one, question: one }));
          return { json: { title: "10,000 metres", sections } };
        }
        if (role === "You plan ho") return { json: { subQuestions: [{ id: "q1", question, dependsOn: [] }] } };
        if (role === "You check h") {
          const grade = { id: "q1", answered: true, evidence: [id], answer: null, missing: null, query: null };
          return { json: { grades: [grade] } };
        }
        const said = prowell
          ? "Harry Prowell was a Guyanese long distance runner"
          : "The race takes 25 laps around the track";
        return `${said} [${id}: "${quote}"]. He won the race in 1999 [${id}: "${quote}"].`;
      },
    });
    const budget = { tokens: 60_000, calls: 20, hops: 8 };
    const report = await createResearcher({ retriever: lexical(view), models, budget }).research(questions[4]!);
    expectVerified(report);
    expect([report.status, report.title, report.references.length]).toEqual(["partial", "10,000 metres", 2]);
    expect(report.markdown).toMatch(/Harry Prowell was a Guyanese long distance runner\. \[1\]/);
    expect(report.markdown).toContain("*(not supported by the sources)*");
    expect(report.usage.calls).toBe(models.calls.length);
  });
});

const filing = fileURLToPath(
  new URL("../../../../shared/datasets/financebench/pdfs/ULTABEAUTY_2023Q4_EARNINGS.pdf", import.meta.url),
);

describe.skipIf(!existsSync(filing))("the researcher over one filing", () => {
  const question = "What drove the reduction in SG&A expense as a percent of net sales in FY2023?";

  it("quotes it word for word, by code alone and by a model, within the shares, and names it without its path", async () => {
    const index = memoryIndex();
    const sources = files([filing]);
    await index.sync(scope("reader"), sources, { removeMissing: false });
    const retriever = lexical(index.in(scope("reader")));
    const of = new Map<string, string>();
    for await (const source of sources) if ("read" in source) of.set(source.id, (await source.read({})).text.text);
    const models = scriptedModel({
      answers: ({ messages: [system, user] }) => {
        const role = system!.text.slice(0, 11);
        if (role === "You outline") {
          const sections = [question, "How many stores were opened?"].map((one) => ({ heading: one, question: one }));
          return { json: { title: "A quarter", sections } };
        }
        if (role === "You plan ho") return { json: { subQuestions: [{ id: "q1", question, dependsOn: [] }] } };
        const shown = [...user!.text.matchAll(/^<<<evidence (E\d+) (\S+)\n([\s\S]*?)\n>>>end \1 \2$/gm)];
        const [, id, , body] = shown[0]!;
        if (role === "You check h") {
          const grade = { id: "q1", answered: true, evidence: [id], answer: null, missing: null, query: null };
          return { json: { grades: [grade] } };
        }
        const words = body!
          .split("\n")
          .at(-1)!
          .split(/["“”[\]]/)[0]!
          .split(" ")
          .slice(0, 9)
          .join(" ");
        return `${words} [${id}: "${words}"].`;
      },
    });
    const budget = { tokens: 40_000, calls: 20, hops: 8 };
    for (const options of [{ budget: { hops: 8 } }, { budget, models }]) {
      const report = await createResearcher({ retriever, ...options }).research(question);
      expectVerified(report, of);
      expect(report.markdown).not.toContain("file:");
      const entries = openTrace(report.trace).map(({ kind, data }) => ({
        kind,
        data: data as Record<string, unknown>,
      }));
      for (const { kind, data } of entries) {
        if (kind !== "share") continue;
        const end = entries.find((one) => one.kind === "section" && one.data.section === data.section);
        expect(end!.data.hops).toBeLessThanOrEqual((data.budget as { hops: number }).hops);
      }
    }
  }, 120_000);
});
