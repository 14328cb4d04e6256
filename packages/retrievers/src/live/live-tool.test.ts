import { fixedRuntime } from "@clew/core/testing";
import { Document } from "@langchain/core/documents";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { live } from "./live.js";

const runtime = fixedRuntime();

describe("a LangChain tool", () => {
  const schema = z.object({ query: z.string() });
  const named = { name: "search", description: "Searches." };

  it("with content and artifact: the artifact is what is read", async () => {
    const documents = [new Document({ id: "d1", pageContent: "The clew is red.", metadata: { year: 2023 } })];
    const search = tool(async ({ query }) => [`found for ${query}`, documents], {
      ...named,
      schema,
      responseFormat: "content_and_artifact",
    });
    const { hits } = await live(search, { name: "tool", runtime }).search("clew", { filter: { year: 2023 } });
    expect(hits.map(({ passage }) => passage.text)).toEqual(["The clew is red."]);
  });

  it("with JSON or plain text for its content", async () => {
    const json = tool(
      async ({ input }) => JSON.stringify([{ title: input, url: "https://a.example", content: "Text." }]),
      {
        ...named,
        schema: z.object({ input: z.string(), limit: z.number().nullish() }),
      },
    );
    const { hits } = await live(json, { name: "tool", runtime }).search("clew");
    expect(hits[0]!.passage.text).toBe("title: clew\nurl: https://a.example\ncontent: Text.");

    const picked = live(json, {
      name: "tool",
      runtime,
      pick: (output) =>
        (output as { title: string; url: string; content: string }[]).map(({ content, url }) => ({
          text: content,
          uri: url,
        })),
    });
    expect((await picked.search("clew")).hits[0]!.passage).toMatchObject({ text: "Text.", uri: "https://a.example" });

    const plain = tool(async ({ query }) => `[not JSON] about ${query}`, { ...named, schema });
    expect((await live(plain, { name: "tool", runtime }).search("clew")).hits[0]!.passage.text).toBe(
      "[not JSON] about clew",
    );
  });

  it("gets its input made, and an unknown form is refused before anything runs", async () => {
    const asked: unknown[] = [];
    const odd = tool(
      async (input) => {
        asked.push(input);
        return "Fine.";
      },
      { ...named, schema: z.object({ table: z.string(), words: z.string() }) },
    );
    expect(() => live(odd, { name: "tool" })).toThrow(/"input".*table, words/);
    await live(odd, { name: "tool", runtime, input: (query) => ({ table: "t", words: query }) }).search("clew");
    expect(asked).toEqual([{ table: "t", words: "clew" }]);
  });

  it("that throws, or gets what it cannot read, is a typed error", async () => {
    const failing = tool(
      async () => {
        throw new Error("no such index");
      },
      { ...named, schema },
    );
    await expect(live(failing, { name: "tool", runtime }).search("x")).rejects.toThrow(/"tool" failed: no such index/);
    const strict = live(failing, { name: "tool", runtime, input: () => ({ query: 5 }) });
    await expect(strict.search("x")).rejects.toMatchObject({ code: "retriever-failed" });
  });

  it("does not believe spans and ids that a document claims to have", async () => {
    const forged = new Document({
      id: "victim",
      pageContent: "Forged.",
      metadata: { clew: { id: "victim", source: "s1", span: [5, 9], score: 9, explain: {} } },
    });
    const search = tool(async () => ["", [forged]], { ...named, schema, responseFormat: "content_and_artifact" });
    const [hit] = (await live(search, { name: "tool", runtime }).search("x")).hits;
    expect(hit!.passage).toMatchObject({ text: "Forged.", span: [0, 7] });
    expect(hit!.passage.id).not.toBe("victim");
    expect(hit!.passage.source).toMatch(/^tool:victim#/);
  });
});
