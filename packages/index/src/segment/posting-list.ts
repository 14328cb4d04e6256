import type { Pacer } from "../state/pacer.js";

const scatterStep = 1 << 16;
const largestByte = 255;

/** Weighted occurrences: bytes, until one does not fit. */
export type Frequencies = Uint8Array | Float32Array | Float64Array;

/** Collects postings, those of each term in the order of their rows, and sorts them by term. */
export class PostingList {
  #terms = new Uint32Array(1024);
  #rows = new Uint32Array(1024);
  #frequencies: Frequencies = new Uint8Array(1024);
  #length = 0;

  /** @param whole whether every frequency is a whole number, which 32 bits hold exactly */
  constructor(private readonly whole: boolean) {}

  push(term: number, row: number, frequency: number): void {
    const at = this.#length++;
    if (at === this.#terms.length) this.#grow();
    if (this.#frequencies.BYTES_PER_ELEMENT === 1 && (frequency > largestByte || !this.whole)) this.#widen();
    this.#terms[at] = term;
    this.#rows[at] = row;
    this.#frequencies[at] = frequency;
  }

  /** Compressed sparse rows: the postings of term `t` lie in [starts[t], starts[t + 1]). */
  async byTerm(
    terms: number,
    pacer: Pacer,
  ): Promise<{ starts: Uint32Array; rows: Uint32Array; frequencies: Frequencies }> {
    const count = this.#length;
    const from = { terms: this.#terms, rows: this.#rows, frequencies: this.#frequencies };
    const starts = new Uint32Array(terms + 1);
    for (let begin = 0; begin < count; begin += scatterStep) {
      const end = Math.min(count, begin + scatterStep);
      for (let i = begin; i < end; i++) starts[from.terms[i]! + 1]!++;
      await pacer.pace();
    }
    for (let term = 0; term < terms; term++) starts[term + 1]! += starts[term]!;
    const next = starts.slice(0, terms);
    const rows = new Uint32Array(count);
    const frequencies = sameKind(from.frequencies, count);
    for (let begin = 0; begin < count; begin += scatterStep) {
      const end = Math.min(count, begin + scatterStep);
      for (let i = begin; i < end; i++) {
        const to = next[from.terms[i]!]!++;
        rows[to] = from.rows[i]!;
        frequencies[to] = from.frequencies[i]!;
      }
      await pacer.pace();
    }
    return { starts, rows, frequencies };
  }

  #grow(): void {
    const length = this.#terms.length * 2;
    const terms = new Uint32Array(length);
    terms.set(this.#terms);
    this.#terms = terms;
    const rows = new Uint32Array(length);
    rows.set(this.#rows);
    this.#rows = rows;
    const frequencies = sameKind(this.#frequencies, length);
    frequencies.set(this.#frequencies);
    this.#frequencies = frequencies;
  }

  #widen(): void {
    const { length } = this.#frequencies;
    const wider = this.whole ? new Float32Array(length) : new Float64Array(length);
    wider.set(this.#frequencies);
    this.#frequencies = wider;
  }
}

const sameKind = (as: Frequencies, length: number): Frequencies => {
  if (as instanceof Uint8Array) return new Uint8Array(length);
  return as instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
};
