import { join } from "node:path";
import { type Embedder, type EmbedderFingerprint, invalidOption, positiveInteger } from "@clew/core";
import { defaultThreads } from "./default-threads.js";
import { knownEmbedder } from "./known-embedders.js";
import { locateModel, modelName } from "./locate-model.js";
import { fileSha256, type ModelDtype, onnxFile } from "./model-files.js";
import type { ModelLocation } from "./model-location.js";
import { readModelLimits } from "./read-model-limits.js";
import { workerEmbedder } from "./worker-embedder.js";

/** Options of {@link localEmbedder}. */
export type LocalEmbedderOptions = ModelLocation & {
  /** How the vectors of a text's tokens become one; `model` takes the model's own `sentence_embedding`. @default the family's */
  pooling?: EmbedderFingerprint["pooling"] | undefined;
  /** Put before a query. @default the family's */
  queryPrefix?: string | undefined;
  /** Put before a document. @default the family's */
  documentPrefix?: string | undefined;
  /** Tokens after which a text is cut, special tokens included. @default the family's, else what the model's files say */
  maxTokens?: number | undefined;
  /** Numbers of a vector; fewer than the model's keeps the first, for models trained so. @default the model's */
  dimensions?: number | undefined;
  /** BCP 47 tags that it was made for. @default the family's */
  languages?: readonly string[] | undefined;
  /** Threads of one inference. @default the processors there are, 4 at most */
  threads?: number | undefined;
};

/**
 * Opens an ONNX embedder: from a folder, from the cache, or from a hub into the cache. It resolves once all files are
 * here and its fingerprint is known; the model itself loads with the first call, in a worker thread of its own.
 * Prefixes, pooling and limits of the families MiniLM, MPNet, BGE, E5, GTE, Nomic, Arctic and mxbai are known by the
 * model's name; for others `pooling`, `queryPrefix` and `documentPrefix` must be given. The fingerprint's id ends with
 * a hash of the weights, so the same weights are the same embedder wherever they came from.
 *
 * @throws ClewError `invalid-option`, `not-found`, `service-refused`, `storage-failed`, `embedder-failed` (a download
 *   broke off); its calls `embedder-failed`, `closed`
 */
export async function localEmbedder(options: LocalEmbedderOptions): Promise<Embedder> {
  const threads = positiveInteger("threads", options.threads ?? defaultThreads());
  if (options.dimensions !== undefined) positiveInteger("dimensions", options.dimensions);
  const name = modelName(options);
  const family = knownEmbedder(name);
  const told = <T>(key: string, given: T | undefined, known: T | undefined): T => {
    const value = given ?? known;
    if (value !== undefined) return value;
    throw invalidOption(key, `given for "${name}", which is in no known family; its model card says what is right`);
  };
  const pooling = told<EmbedderFingerprint["pooling"]>("pooling", options.pooling, family?.pooling);
  if (!["mean", "cls", "last", "model"].includes(pooling)) {
    throw invalidOption("pooling", "one of mean, cls, last, model", pooling);
  }
  const queryPrefix = told("queryPrefix", options.queryPrefix, family?.queryPrefix);
  const documentPrefix = told("documentPrefix", options.documentPrefix, family?.documentPrefix);

  const { folder, model, dtype } = await locateModel(options, "embedder-failed");
  const { width, maxTokens } = await readModelLimits(folder, {
    maxTokens: options.maxTokens,
    familyMaxTokens: family?.maxTokens,
    failure: "embedder-failed",
  });
  const dimensions = options.dimensions ?? width;
  if (dimensions === undefined) throw invalidOption("dimensions", `given for "${model}": its config.json does not say`);
  if (width !== undefined && dimensions > width) throw invalidOption("dimensions", `at most ${width}`, dimensions);
  const hash = await fileSha256(join(folder, onnxFile(dtype)), options.signal);
  return workerEmbedder({
    fingerprint: {
      id: `${model}@${precision(dtype)}-${hash.slice(0, 8)}`,
      dimensions,
      pooling,
      normalised: true,
      queryPrefix,
      documentPrefix,
      maxTokens,
    },
    languages: options.languages ?? family?.languages,
    folder,
    dtype,
    threads,
  });
}

const precision = (dtype: ModelDtype): string => (dtype === "q8" ? "int8" : dtype);
