import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ClewError, type IndexView, scope } from "@clew/core";
import { memoryIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { miniLM } from "@clew/local";

/** The sample corpus, indexed in memory. */
export interface SampleCorpus {
  readonly questions: readonly string[];
  readonly view: IndexView;
  /** Canonical text of each source, read past the index. */
  readonly texts: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

const sample = fileURLToPath(new URL("../../../examples/ask/sample/", import.meta.url));

/** Reads and indexes the sample corpus of `examples/ask`. */
export async function sampleCorpus(folder = sample): Promise<SampleCorpus> {
  const asked = JSON.parse(await readFile(join(folder, "questions.json"), "utf8")) as { question: string }[];
  const sources = files([join(folder, "wikipedia")]);
  const embedder = miniLM();
  const index = memoryIndex({ embedder });
  const reader = scope("live");
  const { failed } = await index.sync(reader, sources, { removeMissing: false });
  if (failed[0] !== undefined) {
    throw new ClewError("unreadable-source", `${failed[0].source}: ${failed[0].note.message}`);
  }
  const texts = new Map<string, string>();
  for await (const source of sources) if ("read" in source) texts.set(source.id, (await source.read({})).text.text);
  return {
    questions: asked.map(({ question }) => question),
    view: index.in(reader),
    texts,
    close: async () => {
      await index.close();
      await embedder.close();
    },
  };
}
