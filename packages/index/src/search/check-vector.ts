import { ClewError } from "@clew/core";

/**
 * Checks what an embedder returned.
 *
 * @throws ClewError `embedder-failed` for a vector of another length than promised, or with a number that is not finite
 */
export function checkVector(vector: Float32Array, dimensions: number, id: string, what: string): void {
  if (vector.length !== dimensions) {
    throw new ClewError(
      "embedder-failed",
      `${id} promised ${dimensions} dimensions and returned ${vector.length} for ${what}; check the model's name.`,
    );
  }
  if (!vector.every(Number.isFinite)) {
    throw new ClewError("embedder-failed", `${id} returned a number that is not finite for ${what}.`);
  }
}
