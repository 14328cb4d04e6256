import { lstat, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { checkKeys, invalidOption } from "@clew/core";
import type { BeirDataset } from "./beir-dataset.js";
import { writeBeside } from "./write-beside.js";
import { writeLines } from "./write-lines.js";

/** Options of {@link writeBeir}. */
export interface WriteBeirOptions {
  signal?: AbortSignal | undefined;
}

/**
 * Writes a folder in BEIR's layout, whole or not at all: it is made beside its place and renamed. A query's line is its
 * `fields` with `_id`, `text` and `answer` set.
 *
 * @param folder a path at which nothing stands yet; folders above it are made
 * @throws ClewError `invalid-option` when something stands there, or for an id that the layout cannot hold
 */
export async function writeBeir(
  folder: string,
  { corpus, queries, qrels }: Omit<BeirDataset, "name">,
  options: WriteBeirOptions = {},
): Promise<void> {
  checkKeys("writeBeir", options, ["signal"] satisfies (keyof WriteBeirOptions)[]);
  const { signal } = options;
  const path = resolve(folder);
  await checkFree(path);
  await mkdir(dirname(path), { recursive: true });
  await writeBeside(path, async (beside) => {
    await mkdir(join(beside));
    await writeLines(join(beside, "corpus.jsonl"), corpusLines(corpus), signal);
    await writeLines(join(beside, "queries.jsonl"), queryLines(queries), signal);
    await writeLines(join(beside, "qrels.tsv"), judgementLines(qrels), signal);
    await checkFree(path); // a rename would quietly replace an empty folder
  });
}

async function checkFree(path: string): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  throw invalidOption("folder", "a path at which nothing stands yet: remove what is there, or choose another", path);
}

function* corpusLines(corpus: BeirDataset["corpus"]): Generator<string> {
  const ids = new Set<string>();
  for (const { id, title, text } of corpus) {
    checkId("corpus", id, ids);
    yield JSON.stringify({ _id: id, title, text });
  }
}

function* queryLines(queries: BeirDataset["queries"]): Generator<string> {
  const ids = new Set<string>();
  for (const { id, text, answer, fields } of queries) {
    checkId("queries", id, ids);
    yield JSON.stringify({ ...fields, _id: id, text, ...(answer === undefined ? {} : { answer }) });
  }
}

function* judgementLines(qrels: BeirDataset["qrels"]): Generator<string> {
  yield "query-id\tcorpus-id\tscore";
  for (const [query, judgements] of qrels) {
    for (const [document, grade] of judgements) {
      checkId("qrels", query);
      checkId("qrels", document);
      if (!Number.isFinite(grade)) throw invalidOption("qrels", "finite grades", { query, document, grade });
      yield `${query}\t${document}\t${grade}`;
    }
  }
}

function checkId(where: string, id: string, seen?: Set<string>): void {
  if (id.trim() === "" || /[\t\r\n]/.test(id)) {
    throw invalidOption(where, "made of ids that are not blank and hold no tab or line break", id);
  }
  if (seen?.has(id)) throw invalidOption(where, "made of distinct ids", id);
  seen?.add(id);
}
