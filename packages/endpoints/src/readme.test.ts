import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { endpoint, modelSource, probe } from "./index.js";
import { testMind, testModelServer } from "./testing/index.js";

it("the example of the README runs", async () => {
  const shown: unknown[] = [];
  const console = { log: (...said: unknown[]) => shown.push(...said) };

  // a server on the loopback that speaks vLLM's protocol; in earnest, baseURL is such as http://gpu:8000/v1
  const answer = testMind({ tools: "kept" });
  const server = await testModelServer({ protocol: "vllm", adapters: ["my-lora"], answer });
  const writer = endpoint({ kind: "vllm", model: "my-lora", baseURL: server.baseURL, maxTokens: 512 });

  const report = await probe(writer); // at most 12 calls of few tokens; plain JSON, to be kept
  console.log(report.text); // tools yes, JSON schema no, context 8192 tokens, … each with what was seen

  const said = await writer.invoke("Where does the thread lead?");
  console.log(said.text, said.response_metadata.served); // { kind: "vllm", model: "my-lora", adapterOf: "test-model", … }
  const models = { writer: modelSource(writer, { probe: report }) }; // for createRetrievalAgent({ models })
  await server.close();

  expect(shown[0]).toMatch(/tools +yes[\s\S]*JSON schema +no[\s\S]*context +8192 tokens/);
  expect(shown[1]).toContain("labyrinth");
  expect(shown[2]).toMatchObject({ kind: "vllm", model: "my-lora", adapterOf: "test-model" });
  expect(typeof models.writer).toBe("function");
});

it("these are the lines of the README", () => {
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
  const block = /```ts\n([\s\S]*?)```/.exec(read("../README.md"))![1]!;
  const own = read("./readme.test.ts")
    .split("\n")
    .map((line) => line.trim());
  const lines = block.split("\n").map((line) => line.trim());
  for (const line of lines.filter((one) => one !== "" && !one.startsWith("import "))) expect(own).toContain(line);
});
