import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRetrievalAgent, files, formatAnswer, linked, memoryIndex, miniLM, openIndex, scope } from "clew";
import { expect, it, onTestFinished } from "vitest";

const docs = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "clew-readme-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs", "crete.md"), "# Crete\n\nThe labyrinth was built by Daedalus.\n");
  return folder;
};

it("runs the example of this package's README", async () => {
  const folder = await docs();
  const embedder = miniLM();
  const index = await memoryIndex({ embedder });
  const me = scope("me");
  await index.sync(me, files([join(folder, "docs")]));

  const agent = createRetrievalAgent({ retriever: linked(index.in(me)) });
  const answer = await agent.ask("Who built the labyrinth?");
  expect(formatAnswer(answer)).toContain("The labyrinth was built by Daedalus.");
  await index.close();
  await embedder.close();
});

it("runs the example of the workspace's README", async () => {
  const folder = await docs();
  const embedder = miniLM();
  const index = await openIndex(join(folder, ".clew"), { embedder });
  const acme = scope("acme");
  await index.sync(acme, files([join(folder, "docs")]));

  const agent = createRetrievalAgent({ retriever: linked(index.in(acme)) });
  const { status, sentences, citations, notes } = await agent.ask("Who built the labyrinth?");
  expect(status).toBe("answered");
  expect(sentences[0]!.verdict).toBe("supported");
  expect(citations[0]!.quote).toContain("Daedalus");
  expect(notes.filter(({ code }) => code === "fell-back")).toEqual([]);
  await index.close();
  await embedder.close();
});
