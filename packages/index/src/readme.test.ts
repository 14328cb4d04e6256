import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Embedder, type SourceInput, scope } from "@clew/core";
import { hashEmbedder, sourceInputs } from "@clew/core/testing";
import { expect, it } from "vitest";
import { openIndex } from "./index.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

it("the README's example runs", async () => {
  const embedder: Embedder = hashEmbedder();
  const sources: SourceInput[] = sourceInputs([
    { title: "Committees", text: "Ms. Ariadne chairs the audit committee.", metadata: { year: 2024 } },
  ]);
  const directory = temporaryDirectory();
  const example = async () => {
    const index = await openIndex(join(directory, ".clew"), { embedder }); // without an embedder: the lexical leg alone
    const acme = scope("acme");

    const report = await index.sync(acme, sources, { removeMissing: true });
    expect([report.added, report.unchanged, report.embedded]).toEqual([["s1"], 0, 1]);

    const hits = await index.in(acme).read(async (snapshot) => {
      const { query } = await snapshot.embed("Who chairs the audit committee?");
      const lexical = await snapshot.lexical(query, { k: 5, filter: { year: { $gte: 2023 } } });
      const dense = await snapshot.dense(query, { k: 5, filter: { year: { $gte: 2023 } } });
      return [...lexical.hits, ...dense.hits];
    });
    await index.close();
    return hits;
  };
  expect(await example()).toHaveLength(2);

  const plain = (text: string): string[] =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !/^(?:import|console|expect)/.test(line));
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const here = plain(readFileSync(new URL(import.meta.url), "utf8")).map((line) =>
    line.replace('join(directory, ".clew")', '".clew"'),
  );
  for (const line of plain(code)) expect(here).toContain(line);
});
