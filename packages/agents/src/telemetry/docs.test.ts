import { readFileSync } from "node:fs";
import { scriptedModel } from "@clew/core/testing";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { expect, it } from "vitest";
import { createRetrievalAgent, openTelemetry } from "../index.js";
import { myths } from "../test/myths.js";

const retriever = myths();

it("the first example of the page runs", async () => {
  const shown: unknown[] = [];
  const console = { log: (said: unknown) => shown.push(said) };

  // once in an application, with an exporter of its own
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

  const agent = createRetrievalAgent({ retriever, telemetry: await openTelemetry() });
  await agent.ask("Who built the place where Theseus killed the Minotaur?");

  console.log(exporter.getFinishedSpans().map(({ name }) => name));

  expect(shown[0]).toEqual(expect.arrayContaining(["route", "retrieve", "retrieval myths", "invoke_agent clew"]));
});

it("the second does", () => {
  const [fineTuned, local] = [scriptedModel({ answers: [] }), scriptedModel({ answers: [] })];

  const agent = createRetrievalAgent({
    retriever,
    models: { writer: fineTuned, default: local },
    outbound: { roles: ["writer"], localHosts: ["gpu.internal"] },
  });

  expect(agent.graph).toBeDefined();
});

it("these are the lines of the page", () => {
  const read = (name: string): string[] =>
    readFileSync(new URL(name, import.meta.url), "utf8")
      .split("\n")
      .map((line) => line.trim());
  const page = read("../../../../docs/observability.md").join("\n");
  const lines = Array.from(page.matchAll(/```ts\n([\s\S]*?)```/g), ([, block]) => block!.split("\n")).flat();
  const own = read("./docs.test.ts");
  for (const line of lines.filter((one) => one !== "" && !one.includes('"@clew/agents"'))) {
    expect(own).toContain(line);
  }
});
