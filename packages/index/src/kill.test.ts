import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, seededRandom, sourceInput } from "@clew/core/testing";
import { expect, it } from "vitest";
import { openIndex } from "./open-index.js";
import { inspectIndexBuilt } from "./testing/inspect-built.js";
import { builtEntry, startChild } from "./testing/run-child.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

const acme = scope("acme");
const sources = 60;

/** Source `at` in its version: four passages, two of which a new version changes. */
const textOf = (at: number, version: number): string =>
  [`kept ${at} one`, `kept ${at} two`, `changed ${at} in version ${version}`, `also ${at} changed ${version}`].join(
    "\n\n",
  );

/** Syncs one version of all sources after the other, with a dot for each step. */
const program = `
import { appendFileSync } from "node:fs";
import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, sourceInput } from "@clew/core/testing";
const { openIndex } = await import(${JSON.stringify(builtEntry)});
const textOf = (at, version) => [\`kept \${at} one\`, \`kept \${at} two\`, \`changed \${at} in version \${version}\`, \`also \${at} changed \${version}\`].join("\\n\\n");
const [path, log, from] = process.argv.slice(1);
const inner = hashEmbedder();
const embedder = { ...inner, embedDocuments: async (texts, options) => {
  const result = await inner.embedDocuments(texts, options);
  await new Promise((resolve) => setTimeout(resolve, 2));
  return result;
} };
const index = await openIndex(path, { embedder, splitter: paragraphSplitter() });
for (let version = Number(from); ; version++) {
  const inputs = Array.from({ length: ${sources} }, (_, at) => sourceInput({ id: "s" + at, text: textOf(at, version), version: String(version) }));
  await index.sync(scope("acme"), inputs, { onProgress: () => process.stdout.write(".") });
  appendFileSync(log, version + "\\n");
}
`;

it("after kill -9 at 20 random moments each source is as before or after, and only what is missing is embedded again", async () => {
  const random = seededRandom(7);
  const path = temporaryDirectory();
  const log = join(temporaryDirectory(), "log");
  writeFileSync(log, "");
  let version = 1;
  for (let round = 0; round < 20; round++) {
    const child = startChild(program, [path, log, String(version)]);
    let stderr = "";
    child.stderr!.on("data", (text) => {
      stderr += text;
    });
    // at any step of the first passes, or between two of them
    const steps = Math.ceil(random() * 500);
    let seen = 0;
    child.stdout!.on("data", (dots: Buffer) => {
      seen += dots.length;
      if (seen >= steps) child.kill("SIGKILL");
    });
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    expect(stderr).toBe("");
    const finished = readFileSync(log, "utf8").trim().split("\n").filter(Boolean).map(Number);
    version = Math.max(version, (finished.at(-1) ?? 0) + 1);

    if (round % 5 === 4) expect(await inspectIndexBuilt(path)).toMatchObject({ status: "whole" });
    const embedder = hashEmbedder();
    const index = await openIndex(path, { embedder, splitter: paragraphSplitter() });
    await index.in(acme).read(async (snapshot) => {
      const records = await index.sources(acme);
      for (const { id, version: stored } of records) {
        // every source is whole: one version, on every leg
        const at = Number(id.slice(1));
        const text = textOf(at, Number(stored));
        expect((await snapshot.sourceText(id))?.text).toBe(text);
        const { hits } = await snapshot.lexical({ text: `also changed` }, { k: 5, filter: { source: id } });
        expect(hits[0]?.passage.text).toBe(`also ${at} changed ${stored}`);
        const near = await snapshot.dense({ text: "kept" }, { k: 9, filter: { source: id } });
        expect(near.hits.map(({ passage }) => passage.text).sort()).toEqual(text.split("\n\n").sort());
      }
    });
    await index.close();
  }

  // a run that is not killed embeds just what no earlier one has
  const embedder = hashEmbedder();
  const index = await openIndex(path, { embedder, splitter: paragraphSplitter() });
  const inputs = (of: number) =>
    Array.from({ length: sources }, (_, at) =>
      sourceInput({ id: `s${at}`, text: textOf(at, of), version: String(of) }),
    );
  const dry = await index.sync(acme, inputs(version), { dryRun: true });
  const report = await index.sync(acme, inputs(version));
  expect(report.embedded).toBe(dry.embedded);
  expect(embedder.texts.filter((text) => text.startsWith("kept"))).toEqual([]);
  expect((await index.sync(acme, inputs(version))).unchanged).toBe(sources);
  await index.close();
}, 240_000);
