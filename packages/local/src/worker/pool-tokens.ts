import type { EmbedderFingerprint } from "@clew/core";

/** Options of {@link poolTokens}. */
export interface PoolTokensOptions {
  /** A vector of `width` numbers for each token, one after the other. */
  readonly hidden: ArrayLike<number>;
  /** Numbers a token. */
  readonly width: number;
  readonly pooling: Exclude<EmbedderFingerprint["pooling"], "model">;
  /** Length of the result; the first so many numbers are kept. */
  readonly dimensions: number;
}

/**
 * Makes one vector out of the vectors of a text's tokens: their mean, the first (`cls`) or the last, cut to
 * `dimensions` and brought to length 1. Sums are made in 64 bits, in the order of the tokens.
 *
 * @throws Error when the numbers are no vector: a NaN, an infinity, nothing but zeros
 */
export function poolTokens({ hidden, width, pooling, dimensions }: PoolTokensOptions): Float32Array {
  const tokens = hidden.length / width;
  if (!Number.isInteger(tokens) || tokens < 1 || dimensions > width) {
    throw new Error(`${hidden.length} numbers of width ${width} give no vector of ${dimensions} dimensions.`);
  }
  const sum = new Float64Array(dimensions);
  const from = pooling === "last" ? tokens - 1 : 0;
  const to = pooling === "cls" ? 1 : tokens;
  for (let token = from; token < to; token += 1) {
    const offset = token * width;
    for (let dimension = 0; dimension < dimensions; dimension += 1) sum[dimension]! += hidden[offset + dimension]!;
  }
  return unit(sum);
}

/** Brings a vector to length 1. */
function unit(values: Float64Array): Float32Array {
  let squares = 0;
  for (const value of values) squares += value * value;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0) {
    throw new Error(`The model gave a vector of length ${length}.`);
  }
  return Float32Array.from(values, (value) => value / length);
}
