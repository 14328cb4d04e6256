import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AutoModel, AutoModelForSequenceClassification, env, Tensor } from "@huggingface/transformers";
import { type EncodedText, textTokenizer } from "../text-tokenizer.js";
import type { ModelSpec, WorkerRequest } from "./messages.js";
import { poolTokens } from "./pool-tokens.js";

/** A model that is loaded, with its tokenizer. */
export interface OnnxModel {
  /**
   * Works off a request text by text: a vector or score never depends on which other texts came along with it, as it
   * does in a batch, where quantised activations share one range. On a processor a batch is no faster either.
   *
   * @throws Error when the request is abandoned
   */
  run(request: WorkerRequest): Promise<{ values: Float32Array; cut: boolean[] }>;
}

/** Wraps every call into the inference library. */
export type Guard = <T>(inference: () => Promise<T>) => Promise<T>;

/**
 * Loads a model from its folder, never from a network.
 *
 * @param isAbandoned asked before each text: does nobody wait for this request any more?
 */
export async function loadOnnxModel(spec: ModelSpec, guard: Guard, isAbandoned: () => boolean): Promise<OnnxModel> {
  const { folder, dtype, task, pooling, dimensions, maxTokens, threads } = spec;
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.localModelPath = dirname(folder);
  const json = async (file: string): Promise<object> =>
    JSON.parse(await readFile(join(folder, file), "utf8")) as object;
  const tokenizer = textTokenizer(await json("tokenizer.json"), await json("tokenizer_config.json"));
  const load = task === "embed" ? AutoModel : AutoModelForSequenceClassification;
  const model = await guard(() =>
    load.from_pretrained(basename(folder), {
      dtype,
      device: "cpu",
      local_files_only: true,
      session_options: { intraOpNumThreads: threads, interOpNumThreads: 1, extra: noSpinning },
    }),
  );

  const infer = async ({ ids, types }: EncodedText): Promise<Readonly<Record<string, unknown>>> => {
    const outputs: unknown = await guard(() =>
      model({
        input_ids: row(ids),
        attention_mask: row(ids.map(() => 1)),
        token_type_ids: row(types),
      }),
    );
    return outputs as Readonly<Record<string, unknown>>;
  };

  const vector = async (text: string): Promise<{ values: Float32Array; cut: boolean }> => {
    const encoded = tokenizer.encode(text, maxTokens);
    const outputs = await infer(encoded);
    const [names, reduce] =
      pooling === "model"
        ? ([["sentence_embedding", "text_embeds", "pooler_output"], "cls"] as const)
        : ([["last_hidden_state", "token_embeddings"], pooling] as const);
    const { data, width } = floats(outputs, names);
    return { values: poolTokens({ hidden: data, width, pooling: reduce, dimensions }), cut: encoded.cut };
  };

  const score = async (query: string, text: string): Promise<{ values: Float32Array; cut: boolean }> => {
    const encoded = tokenizer.encodePair(query, text, maxTokens);
    const { data } = floats(await infer(encoded), ["logits"]);
    return { values: Float32Array.of(relevance(data)), cut: encoded.cut };
  };

  return {
    run: async ({ texts, query }) => {
      const width = task === "embed" ? dimensions : 1;
      const values = new Float32Array(texts.length * width);
      const cut: boolean[] = [];
      for (const [index, text] of texts.entries()) {
        if (isAbandoned()) throw new Error("Nobody waits for this request any more.");
        const one = task === "embed" ? await vector(text) : await score(query ?? "", text);
        values.set(one.values, index * width);
        cut.push(one.cut);
      }
      return { values, cut };
    },
  };
}

/**
 * Threads of the library spin while they wait for work, which doubles the processor time of an inference and, where
 * others want the processors too, doubles its duration.
 */
const noSpinning = { session: { intra_op: { allow_spinning: "0" }, inter_op: { allow_spinning: "0" } } };

const row = (numbers: readonly number[]): Tensor =>
  new Tensor("int64", BigInt64Array.from(numbers, BigInt), [1, numbers.length]);

/** One relevance out of a classifier's logits: the only one, or "relevant" minus "not relevant". */
export function relevance(logits: ArrayLike<number>): number {
  const [first, second] = [logits[0], logits[1]];
  const value = logits.length === 1 ? first : logits.length === 2 ? second! - first! : undefined;
  if (value === undefined)
    throw new Error(`${logits.length} logits: a cross-encoder has 1, or 2 with "relevant" second.`);
  if (!Number.isFinite(value)) throw new Error(`The model gave the score ${value}.`);
  return value;
}

function floats(
  outputs: Readonly<Record<string, unknown>>,
  names: readonly string[],
): { data: ArrayLike<number>; width: number } {
  for (const name of names) {
    const output = outputs[name];
    if (!(output instanceof Tensor)) continue;
    const tensor = output.type === "float32" ? output : output.to("float32");
    return { data: tensor.data as Float32Array, width: tensor.dims.at(-1) ?? 0 };
  }
  throw new Error(`The model has no output ${names.join(" or ")}; it has ${Object.keys(outputs).join(", ")}.`);
}
