import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ClewError,
  type Embedded,
  type Embedder,
  type EmbedderFingerprint,
  type EmbedOptions,
  note,
  noUsage,
  spanned,
} from "@clew/core";
import { joinSignals } from "./join-signals.js";
import { checkModelFolder, type ModelDtype } from "./model-files.js";
import { type TextTokenizer, textTokenizer } from "./text-tokenizer.js";
import { modelWorker } from "./worker/model-worker.js";
import { splitWork } from "./worker/split-work.js";

/** Options of {@link workerEmbedder}. */
export interface WorkerEmbedderOptions {
  readonly fingerprint: EmbedderFingerprint;
  readonly languages?: readonly string[] | undefined;
  /** Absolute path of the model's folder. */
  readonly folder: string;
  readonly dtype: ModelDtype;
  /** Threads of one inference. */
  readonly threads: number;
}

/** An embedder over a model folder, with its inference in a worker thread. Nothing is read before the first call. */
export function workerEmbedder({ fingerprint, languages, folder, dtype, threads }: WorkerEmbedderOptions): Embedder {
  const { id, pooling, dimensions, maxTokens, queryPrefix, documentPrefix } = fingerprint;
  const worker = modelWorker({
    spec: { folder, dtype, task: "embed", pooling, dimensions, maxTokens, threads },
    name: id,
    code: "embedder-failed",
  });
  let checked: Promise<void> | undefined;
  let tokenizer: Promise<TextTokenizer> | undefined;
  let closed = false;

  const ready = async (): Promise<void> => {
    if (closed) throw new ClewError("closed", `${id} was closed. Make a new one.`);
    checked ??= checkModelFolder(folder, dtype);
    await checked.catch((cause: unknown) => {
      checked = undefined; // the files may be there at the next call
      throw cause;
    });
  };

  const embed = async (texts: readonly string[], urgent: boolean, options: EmbedOptions): Promise<Embedded> => {
    const signal = joinSignals(options.signal, options.call?.signal);
    signal?.throwIfAborted();
    await ready();
    const start = () => ({
      name: `embeddings ${id}`,
      attributes: {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "clew.local",
        "gen_ai.request.model": id,
        "gen_ai.embeddings.dimension.count": dimensions,
      },
    });
    return spanned(options.call, start, () => infer(texts, urgent, options, signal));
  };

  const infer = async (
    texts: readonly string[],
    urgent: boolean,
    options: EmbedOptions,
    signal: AbortSignal | undefined,
  ): Promise<Embedded> => {
    const vectors: Float32Array[] = [];
    let cut = 0;
    for (const piece of splitWork(texts)) {
      const work = await worker.run({ texts: piece }, { signal, urgent });
      for (const [index, wasCut] of work.cut.entries()) {
        vectors.push(work.values.slice(index * dimensions, (index + 1) * dimensions));
        if (wasCut) cut += 1;
      }
      options.onProgress?.(vectors.length);
    }
    const message = `${cut} of ${texts.length} texts are longer than the ${maxTokens} tokens that ${id} reads; their ends were left out.`;
    return { vectors, usage: noUsage, notes: cut === 0 ? [] : [note("cut", message, { texts: cut, maxTokens })] };
  };

  return {
    fingerprint,
    languages,
    tokenCounter: async ({ signal, call } = {}) => {
      joinSignals(signal, call?.signal)?.throwIfAborted();
      await ready();
      tokenizer ??= readTokenizer(folder, id);
      const { count } = await tokenizer.catch((cause: unknown) => {
        tokenizer = undefined; // the files may be right at the next call
        throw cause;
      });
      return count;
    },
    embedDocuments: (texts, options = {}) =>
      embed(
        texts.map((text) => documentPrefix + text),
        false,
        options,
      ),
    embedQuery: (text, options = {}) => embed([queryPrefix + text], true, options),
    close: async () => {
      closed = true;
      await worker.close();
    },
  };
}

async function readTokenizer(folder: string, id: string): Promise<TextTokenizer> {
  const json = async (file: string): Promise<object> =>
    JSON.parse(await readFile(join(folder, file), "utf8")) as object;
  try {
    return textTokenizer(await json("tokenizer.json"), await json("tokenizer_config.json"));
  } catch (cause) {
    throw new ClewError(
      "embedder-failed",
      `${id}: the tokenizer in ${folder} could not be loaded. Replace its files.`,
      {
        cause,
      },
    );
  }
}
