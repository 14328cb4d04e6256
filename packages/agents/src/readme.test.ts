import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod/v4";
import { answerToXml, createResearcher, createRetrievalAgent, replay } from "./index.js";
import { filings } from "./test/filings.js";
import { myths } from "./test/myths.js";

const retriever = myths();

it("the example of the README runs", async () => {
  const shown: unknown[] = [];
  const console = { log: (...said: unknown[]) => shown.push(said) };

  const agent = createRetrievalAgent({ retriever, budget: { hops: 3, ms: 30_000 } });
  const answer = await agent.ask("Who built the place where Theseus killed the Minotaur?");

  answer.status; // "answered", "partial" or "abstained"
  for (const { text, verdict, citations } of answer.sentences) {
    for (const { quote, source, span } of citations) console.log(verdict, text, source, span, quote);
  }

  for await (const event of agent.stream("Who was the father of Icarus?")) {
    if (event.type === "query") console.log(`hop ${event.hop}: ${event.query} (${event.why})`);
    if (event.type === "sentence" && event.sentence.verdict === "supported") console.log(event.sentence.text);
  }

  expect(answer.status).toBe("answered");
  expect(shown.length).toBeGreaterThan(4);
});

it("the example of a replay runs", async () => {
  const answer = await createRetrievalAgent({ retriever }).ask("Who was the father of Icarus?");

  const again = await replay(answer.trace);

  const same = JSON.stringify(again) === JSON.stringify(answer); // true

  expect(same).toBe(true);
});

it("the example of several sources runs", async () => {
  const [filings, tickets] = [retriever, retriever];

  const agent = createRetrievalAgent({
    sources: {
      filings: { retriever: filings, about: "Annual reports of companies: revenue, income, risks." },
      tickets: { retriever: tickets, about: "Support tickets of customers: complaints, refunds." },
    },
  });

  const { hops } = await agent.ask("What revenue was reported?");
  expect(hops[0]?.source).toBe("filings");
});

it("the example of structured answers runs", async () => {
  const shown: unknown[][] = [];
  const console = { log: (...said: unknown[]) => shown.push(said) };
  const agent = createRetrievalAgent({ retriever: filings() });

  const filing = z.object({
    revenue: z.number().describe("total net sales"),
    currency: z.enum(["USD", "EUR", "GBP"]),
    period: z.string().describe("fiscal year"),
  });
  const report = await agent.ask("What did Northwind report for fiscal 2023?", { schema: filing });

  if (report.valid) console.log(report.value.revenue, report.value.currency, report.value.period);
  for (const [path, { value, verdict, citations }] of Object.entries(report.fields)) {
    console.log(path, value, verdict, citations[0]?.quote);
  }
  console.log(answerToXml(report, { root: "filing" }).xml);

  expect(shown[0]).toEqual([383_285_000_000, "USD", "fiscal year ended September 30, 2023"]);
  expect(shown[1]).toEqual(["/revenue", 383_285_000_000, "supported", "| Total net sales | $ 394,328 | $ 383,285 |"]);
  expect(shown.at(-1)![0]).toContain('<revenue verdict="supported" cites="c1">383285000000</revenue>');
});

const pages = [
  "../README.md",
  ...["agent", "structured-answers", "researcher", "record"].map((name) => `../../../docs/${name}.md`),
];

it.each(pages)("these are the lines of %s", (page) => {
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
  const blocks = Array.from(read(page).matchAll(/```ts\n([\s\S]*?)```/g), ([, block]) => block!);
  const own = read("./readme.test.ts")
    .split("\n")
    .map((line) => line.trim());
  const lines = blocks
    .join("\n")
    .split("\n")
    .map((line) => line.trim());
  for (const line of lines.filter((one) => one !== "" && !one.startsWith("import "))) expect(own).toContain(line);
});

it("the example of research runs", async () => {
  const shown: unknown[][] = [];
  const console = { log: (...said: unknown[]) => shown.push(said) };

  const researcher = createResearcher({ retriever, budget: { hops: 18, ms: 120_000 }, sections: 6, parallel: 3 });
  const report = await researcher.research("Who founded Leiden University, and when was Utrecht University founded?");

  report.markdown; // title, sections with numbered marks, the bibliography with its quotes
  for (const { number, title, citations } of report.references) console.log(number, title, citations[0]?.quote);

  for await (const event of researcher.stream("What is Icarus known for?")) {
    if (event.type === "outline") console.log(event.outline.sections.map(({ heading }) => heading));
    if (event.type === "section-done") console.log(event.markdown); // the report so far, numbered as it stays
  }

  expect(report.status).toBe("answered");
  expect(shown.length).toBeGreaterThan(3);
});
