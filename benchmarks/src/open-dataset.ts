import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ClewError, type Embedder, type IndexView, scope } from "@clew/core";
import { type BeirDataset, readBeir } from "@clew/evaluate";
import { openIndex } from "@clew/index";
import { beirSources } from "./beir-sources.js";
import { cachedEmbedder } from "./cached-embedder.js";
import { wholeTextSplitter } from "./whole-text-splitter.js";

/** An evaluation set, indexed. */
export interface OpenDataset {
  readonly dataset: BeirDataset;
  readonly view: IndexView;
  /** Milliseconds of the sync; short when the vectors were cached. */
  readonly buildMs: number;
  close(): Promise<void>;
}

/** Options of {@link openDataset}. */
export interface OpenDatasetOptions {
  readonly embedder: Embedder | undefined;
  /** Where indexes are kept between runs. @default benchmarks/.cache */
  readonly cache?: string | undefined;
  readonly k1?: number | undefined;
  readonly b?: number | undefined;
  /** Documents that are left out, and the name of the index that lacks them. @default none */
  readonly without?: { readonly documents: ReadonlySet<string>; readonly name: string } | undefined;
}

/** Where indexes are kept between runs. */
export const defaultCache = fileURLToPath(new URL("../.cache", import.meta.url));

/** Reads a BEIR folder and indexes it, one passage a document; the index is kept, so that a second run is quick. */
export async function openDataset(
  folder: string,
  { embedder, cache = defaultCache, k1, b, without }: OpenDatasetOptions,
): Promise<OpenDataset> {
  const dataset = await readBeir(folder);
  const variant = [
    embedder === undefined ? "lexical" : "dense",
    k1 ?? "",
    b ?? "",
    ...(without === undefined ? [] : [without.name]),
  ].join("-");
  const index = await openKept(join(cache, `${dataset.name}-${variant}`), {
    embedder: embedder && cachedEmbedder(embedder, join(cache, "vectors")),
    splitter: wholeTextSplitter,
    ...(k1 === undefined ? {} : { k1 }),
    ...(b === undefined ? {} : { b }),
  });
  const corpus = dataset.corpus.filter(({ id }) => without === undefined || !without.documents.has(id));
  const tenant = scope("benchmark");
  const started = performance.now();
  let told = started;
  const report = await index.sync(tenant, beirSources(corpus), {
    removeMissing: true,
    onProgress: ({ embedded, sourcesDone }) => {
      if (performance.now() - told < 10_000) return;
      told = performance.now();
      console.error(`${dataset.name}: ${embedded} embedded, ${sourcesDone} of ${corpus.length} documents`);
    },
  });
  if (report.failed.length > 0) throw new Error(`${dataset.name}: ${JSON.stringify(report.failed[0])}`);
  return {
    dataset,
    view: index.in(tenant),
    buildMs: performance.now() - started,
    close: () => index.close(),
  };
}

/** Opens what an earlier run kept; what another version made, or other options, is made anew: vectors are kept apart. */
async function openKept(folder: string, options: Parameters<typeof openIndex>[1]): ReturnType<typeof openIndex> {
  try {
    return await openIndex(folder, options);
  } catch (error) {
    if (!ClewError.isInstance(error) || error.code !== "index-mismatch") throw error;
    console.error(`${folder} was made by another version; making it anew`);
    await rm(folder, { recursive: true });
    return openIndex(folder, options);
  }
}
