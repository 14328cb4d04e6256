import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ClewError, invalidOption, isPositiveInteger, positiveInteger } from "@clew/core";
import type { ModelFailure } from "./model-location.js";

/** Options of {@link readModelLimits}. */
export interface ReadModelLimitsOptions {
  /** What the caller wants; checked against the model. */
  maxTokens?: number | undefined;
  /** What the model's family is known to want; lowered to what the model can. */
  familyMaxTokens?: number | undefined;
  failure: ModelFailure;
}

/** What a model's `config.json` and `tokenizer_config.json` say of its size. */
export interface ModelLimits {
  /** Numbers a token; undefined when the config does not say. */
  readonly width: number | undefined;
  /** Tokens of a text or pair, special tokens included. */
  readonly maxTokens: number;
}

/** Families whose positions begin behind the padding token: two positions are none. */
const offsetPositions = /^(roberta|xlm-roberta|camembert|mpnet)$/;

/**
 * Reads how wide a model's vectors are and how many tokens it takes.
 *
 * @throws ClewError `invalid-option` when more tokens are wanted than the model has positions, or nobody says how many
 */
export async function readModelLimits(
  folder: string,
  { maxTokens, familyMaxTokens, failure }: ReadModelLimitsOptions,
): Promise<ModelLimits> {
  const config = await fields(join(folder, "config.json"), failure);
  const tokenizer = await fields(join(folder, "tokenizer_config.json"), failure);
  const width = ["hidden_size", "dim", "n_embd", "d_model"].map((key) => config[key]).find(isPositiveInteger);
  const all = ["max_position_embeddings", "n_positions"].map((key) => config[key]).find(isPositiveInteger);
  const positions =
    all === undefined ? Number.POSITIVE_INFINITY : offsetPositions.test(String(config.model_type)) ? all - 2 : all;
  // files of models without a limit carry a number with thirty digits
  const declared = isPositiveInteger(tokenizer.model_max_length)
    ? tokenizer.model_max_length
    : Number.POSITIVE_INFINITY;
  if (maxTokens !== undefined) {
    positiveInteger("maxTokens", maxTokens);
    if (maxTokens > positions) throw invalidOption("maxTokens", `at most ${positions} for this model`, maxTokens);
    return { width, maxTokens };
  }
  const limit = Math.min(positions, familyMaxTokens ?? declared);
  if (Number.isFinite(limit)) return { width, maxTokens: limit };
  throw invalidOption("maxTokens", "given for this model: its files do not say how many tokens it takes");
}

async function fields(path: string, failure: ModelFailure): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
    throw new Error("not an object");
  } catch (cause) {
    throw new ClewError(failure, `${path} cannot be read as JSON. Replace the file.`, { cause });
  }
}
