import { ClewError } from "../errors/clew-error.js";

/** Options of {@link unitVector}. */
export interface UnitVectorOptions {
  /** As many as the model promised. */
  dimensions: number;
  /** Name of the model, for the error. */
  id: string;
  /** The text that it stands for, for the error. */
  text: string;
}

/**
 * The vector divided by its length.
 *
 * @throws ClewError `embedder-failed`, naming the text, for a vector that is missing, of another size, not finite, or 0
 */
export function unitVector(
  values: ArrayLike<number> | undefined,
  { dimensions, id, text }: UnitVectorOptions,
): Float32Array {
  const fail = (what: string): never => {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new ClewError("embedder-failed", `${id} returned ${what} for the text ${JSON.stringify(shown)}.`);
  };
  if (values === undefined) return fail("no vector");
  if (values.length !== dimensions) return fail(`${values.length} dimensions where ${dimensions} were expected`);
  let squares = 0;
  for (let index = 0; index < dimensions; index++) {
    const value = values[index];
    if (typeof value !== "number" || !Number.isFinite(value)) return fail(`${String(value)} in dimension ${index}`);
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  if (length === 0) return fail("a vector of zeros");
  return Float32Array.from(values, (value) => value / length);
}
