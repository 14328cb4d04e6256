const width = 4;
/** Counts that fit beside the mask of fields. */
const smallCounts = 16;

/**
 * Postings of one source in bytes, passage after passage: the number of distinct terms; for each term 0 when it is the
 * next that the source has not had before, else its number from 1; then a byte with the mask of its fields (low four
 * bits) and, if it occurs in one field fewer than 16 times, the count (high four bits, else 0 and a count a field).
 * Numbers are variable-length integers.
 */
export class PostingsWriter {
  readonly #numbers = new Map<string, number>();
  /** Of the passage at hand: its terms in order, and their counts (place × 4 + field). */
  readonly #order: number[] = [];
  readonly #placeOf: number[] = [];
  #counts = new Uint32Array(256);
  #bytes = new Uint8Array(256);
  #length = 0;
  #knownBefore = 0;

  /** Counts one occurrence of a term in the passage at hand. */
  count(term: string, field: number): void {
    let number = this.#numbers.get(term);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(term, number);
      this.#placeOf.push(-1);
    }
    let place = this.#placeOf[number]!;
    if (place < 0) {
      place = this.#order.push(number) - 1;
      this.#placeOf[number] = place;
      if ((place + 1) * width > this.#counts.length) {
        const larger = new Uint32Array(this.#counts.length * 2);
        larger.set(this.#counts);
        this.#counts = larger;
      }
    }
    this.#counts[place * width + field]!++;
  }

  endPassage(): void {
    const order = this.#order;
    const counts = this.#counts;
    this.#put(order.length);
    for (let place = 0; place < order.length; place++) {
      const number = order[place]!;
      this.#placeOf[number] = -1;
      if (number < this.#knownBefore) this.#put(number + 1);
      else {
        this.#put(0);
        this.#knownBefore++;
      }
      const at = place * width;
      let mask = 0;
      let most = 0;
      let sum = 0;
      for (let field = 0; field < width; field++) {
        const count = counts[at + field]!;
        if (count === 0) continue;
        mask |= 1 << field;
        most = Math.max(most, count);
        sum += count;
      }
      if (sum === most && most < smallCounts) this.#put1(mask | (most << width));
      else {
        this.#put1(mask);
        for (let field = 0; field < width; field++) if (counts[at + field] !== 0) this.#put(counts[at + field]!);
      }
      counts.fill(0, at, at + width);
    }
    order.length = 0;
  }

  /** In the order of their numbers. */
  terms(): string[] {
    return [...this.#numbers.keys()];
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #put(value: number): void {
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.#put1((rest & 127) | 128);
    this.#put1(rest);
  }

  #put1(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** Receives what {@link readPostings} finds. */
export interface PostingsSink {
  /** `counts` by field; reused, so not to be kept. */
  posting(passage: number, term: number, counts: Uint32Array): void;
}

/** Reads what {@link PostingsWriter} wrote: postings by passage. */
export function readPostings(bytes: Uint8Array, passages: number, sink: PostingsSink): void {
  const counts = new Uint32Array(width);
  let at = 0;
  let known = 0;
  const take = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  for (let passage = 0; passage < passages; passage++) {
    for (let left = take(); left > 0; left--) {
      const code = take();
      const term = code === 0 ? known++ : code - 1;
      const head = bytes[at++]!;
      const small = head >> width;
      for (let field = 0; field < width; field++)
        counts[field] = (head & (1 << field)) === 0 ? 0 : small === 0 ? take() : small;
      sink.posting(passage, term, counts);
    }
  }
}
