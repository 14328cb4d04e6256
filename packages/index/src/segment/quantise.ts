import { roundUp } from "./round-up.js";

/** Vectors in one byte a dimension: `vector ≈ scale × codes`, no further off than `error` (Euclidean distance). */
export interface Quantised {
  readonly dimensions: number;
  /** Row after row. */
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  readonly errors: Float32Array;
  /** 16 bytes a row: the hash of the string embedded, under which the exact vector stands. */
  readonly keys: Uint8Array;
}

/** Bytes of a vector's key. */
export const vectorKeyBytes = 16;
const largest = 127;

/** Quantises vectors symmetrically, each by its own largest component. `keys` are 32 hexadecimal digits a vector. */
export function quantise(vectors: readonly Float32Array[], dimensions: number, keys: readonly string[]): Quantised {
  const codes = new Int8Array(vectors.length * dimensions);
  const scales = new Float32Array(vectors.length);
  const errors = new Float32Array(vectors.length);
  for (const [row, vector] of vectors.entries()) {
    let peak = 0;
    for (let i = 0; i < dimensions; i++) peak = Math.max(peak, Math.abs(vector[i]!));
    const scale = Math.fround(peak / largest);
    let squares = 0;
    for (let i = 0; i < dimensions; i++) {
      const code = scale === 0 ? 0 : Math.max(-largest, Math.min(largest, Math.round(vector[i]! / scale)));
      codes[row * dimensions + i] = code;
      squares += (vector[i]! - scale * code) ** 2;
    }
    scales[row] = scale;
    errors[row] = roundUp(Math.sqrt(squares) * (1 + 1e-6));
  }
  return { dimensions, codes, scales, errors, keys: new Uint8Array(Buffer.from(keys.join(""), "hex")) };
}
