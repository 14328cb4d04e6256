import { CodeRows, type CodeRowsOptions } from "../scan/code-rows.js";
import type { Pacer } from "../state/pacer.js";
import { GrowingArray } from "./growing-array.js";
import { type Quantised, vectorKeyBytes } from "./quantise.js";
import { roundUp } from "./round-up.js";
import type { SegmentVectors } from "./segment.js";

const floats = (length: number): Float32Array => new Float32Array(length);
const rowsAtOnce = 1024;

/** Collects the vectors of a segment's rows; the codes are put at once where they will be scanned. */
export class VectorsBuilder {
  readonly #codes: CodeRows;
  readonly #scales = new GrowingArray(floats);
  readonly #norms = new GrowingArray(floats);
  readonly #errors = new GrowingArray(floats);
  readonly #keys = new GrowingArray<Uint8Array>((length) => new Uint8Array(length));

  constructor(options: CodeRowsOptions) {
    this.#codes = new CodeRows(options);
  }

  /** Adds rows. */
  append({ dimensions, codes, scales, errors, keys }: Quantised): void {
    for (let row = 0; row < scales.length; row++) {
      const mine = codes.subarray(row * dimensions, (row + 1) * dimensions);
      let squares = 0;
      for (let i = 0; i < dimensions; i++) squares += mine[i]! * mine[i]!;
      this.#codes.push(mine);
      this.#norms.push(roundUp(scales[row]! * Math.sqrt(squares) * (1 + 1e-6)));
    }
    this.#scales.append(scales);
    this.#errors.append(errors);
    this.#keys.append(keys);
  }

  /** Takes over the rows of a segment whose number in the new one is not negative. */
  async appendRows(
    { codes, scales, norms, errors, keys }: SegmentVectors,
    rowOf: Int32Array,
    pacer: Pacer,
  ): Promise<void> {
    for (let row = 0; row < rowOf.length; row++) {
      if (row % rowsAtOnce === 0) await pacer.pace();
      if (rowOf[row]! < 0) continue;
      this.#codes.push(codes.row(row));
      this.#scales.push(scales[row]!);
      this.#norms.push(norms[row]!);
      this.#errors.push(errors[row]!);
      this.#keys.append(keys.subarray(row * vectorKeyBytes, (row + 1) * vectorKeyBytes));
    }
  }

  done(): SegmentVectors {
    this.#codes.trim();
    return {
      codes: this.#codes,
      scales: this.#scales.done(),
      norms: this.#norms.done(),
      errors: this.#errors.done(),
      keys: this.#keys.done(),
    };
  }
}
