import type { PassageId } from "@clew/core";
import type { Pacer } from "../state/pacer.js";
import { GrowingArray } from "./growing-array.js";
import type { Segment } from "./segment.js";
import { type LexicalField, lexicalFields, type SourceRows } from "./source-rows.js";
import { VectorsBuilder } from "./vectors-builder.js";

/** Weight of each field in the lexical leg. */
export type FieldWeights = Readonly<Record<LexicalField, number>>;

const width = lexicalFields.length;
const scatterStep = 1 << 16;

const words = (length: number): Uint32Array => new Uint32Array(length);

/** Collects sources and makes a {@link Segment} of them. */
export class SegmentBuilder {
  readonly #weights: readonly number[];
  readonly #exact: boolean;
  readonly #terms = new Map<string, number>();
  readonly #ids: PassageId[] = [];
  readonly #sources: string[] = [];
  readonly #owners = new GrowingArray(words);
  readonly #ordinals = new GrowingArray(words);
  readonly #pages = new GrowingArray(words);
  readonly #fieldLengths = new GrowingArray(words);
  readonly #postingTerms = new GrowingArray(words);
  readonly #postingRows = new GrowingArray(words);
  readonly #frequencies;
  #vectors: VectorsBuilder | undefined;

  constructor(weights: FieldWeights) {
    this.#weights = lexicalFields.map((field) => weights[field]);
    this.#exact = this.#weights.every(Number.isInteger);
    // whole weights make whole frequencies, which 32 bits hold exactly
    this.#frequencies = new GrowingArray<Float32Array | Float64Array>((length) =>
      this.#exact ? new Float32Array(length) : new Float64Array(length),
    );
  }

  get size(): number {
    return this.#ids.length;
  }

  add(source: string, { ids, pages, fieldLengths, terms, counts, vectors }: SourceRows): void {
    const first = this.#ids.length;
    const owner = this.#sources.push(source) - 1;
    for (const [ordinal, id] of ids.entries()) {
      this.#ids.push(id);
      this.#owners.push(owner);
      this.#ordinals.push(ordinal);
    }
    this.#pages.append(pages);
    this.#fieldLengths.append(fieldLengths);
    for (const [index, { passages, frequencies }] of counts.entries()) {
      const term = this.#termNumber(terms[index]!);
      for (const [entry, passage] of passages.entries()) {
        let weighted = 0;
        for (let field = 0; field < width; field++)
          weighted += this.#weights[field]! * frequencies[entry * width + field]!;
        this.#post(term, first + passage, weighted);
      }
    }
    if (vectors === undefined) return;
    this.#vectors ??= new VectorsBuilder({ dimensions: vectors.dimensions });
    this.#vectors.append(vectors);
  }

  /** Takes over the rows of a segment whose source is still kept. */
  async addSegment(from: Segment, keeps: (source: string) => boolean, pacer: Pacer): Promise<void> {
    const kept = from.sources.map(keeps);
    const rowOf = new Int32Array(from.size).fill(-1);
    const ownerOf = new Map<number, number>();
    for (let row = 0; row < from.size; row++) {
      const owner = from.owners[row]!;
      if (!kept[owner]) continue;
      if (!ownerOf.has(owner)) ownerOf.set(owner, this.#sources.push(from.sources[owner]!) - 1);
      rowOf[row] = this.#ids.push(from.ids[row]!) - 1;
      this.#owners.push(ownerOf.get(owner)!);
      this.#ordinals.push(from.ordinals[row]!);
      this.#pages.push(from.pages[row]!);
      this.#fieldLengths.append(from.fieldLengths.subarray(row * width, (row + 1) * width));
    }
    if (from.vectors !== undefined) {
      this.#vectors ??= new VectorsBuilder({ dimensions: from.vectors.codes.dimensions });
      await this.#vectors.appendRows(from.vectors, rowOf, pacer);
    }
    await pacer.pace();
    const { terms, starts, rows, frequencies } = from.postings;
    for (const [term, number] of terms) {
      let mine = -1;
      for (let i = starts[number]!; i < starts[number + 1]!; i++) {
        const row = rowOf[rows[i]!]!;
        if (row < 0) continue;
        if (mine < 0) mine = this.#termNumber(term);
        this.#post(mine, row, frequencies[i]!);
      }
      await pacer.pace();
    }
  }

  async finish(pacer: Pacer): Promise<Segment> {
    const count = this.#postingTerms.length;
    const starts = new Uint32Array(this.#terms.size + 1);
    for (let i = 0; i < count; i++) {
      starts[this.#postingTerms.at(i) + 1]!++;
      if (i % scatterStep === 0) await pacer.pace();
    }
    for (let term = 0; term < this.#terms.size; term++) starts[term + 1]! += starts[term]!;
    const next = starts.slice(0, this.#terms.size);
    const rows = new Uint32Array(count);
    const frequencies = this.#exact ? new Float32Array(count) : new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const to = next[this.#postingTerms.at(i)]!++;
      rows[to] = this.#postingRows.at(i);
      frequencies[to] = this.#frequencies.at(i);
      if (i % scatterStep === 0) await pacer.pace();
    }
    const size = this.#ids.length;
    const fieldLengths = this.#fieldLengths.done();
    const lengths = Float64Array.from({ length: size }, (_, row) => weightedLength(fieldLengths, row, this.#weights));
    return {
      size,
      ids: this.#ids,
      sources: this.#sources,
      owners: this.#owners.done(),
      ordinals: this.#ordinals.done(),
      pages: this.#pages.done(),
      fieldLengths,
      lengths,
      postings: { terms: this.#terms, starts, rows, frequencies },
      ...(this.#vectors === undefined ? {} : { vectors: this.#vectors.done() }),
    };
  }

  #termNumber(term: string): number {
    const known = this.#terms.get(term);
    if (known !== undefined) return known;
    const number = this.#terms.size;
    this.#terms.set(term, number);
    return number;
  }

  #post(term: number, row: number, frequency: number): void {
    if (frequency === 0) return;
    this.#postingTerms.push(term);
    this.#postingRows.push(row);
    this.#frequencies.push(frequency);
  }
}

function weightedLength(fieldLengths: Uint32Array, row: number, weights: readonly number[]): number {
  let length = 0;
  for (let field = 0; field < width; field++) length += weights[field]! * fieldLengths[row * width + field]!;
  return length;
}
