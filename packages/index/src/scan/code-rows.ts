import { type Block, type CodeArena, codeArena } from "./code-arena.js";

/** Dimensions that the kernel takes at a step. */
const step = 32;

const abandoned = new FinalizationRegistry<{ arena: CodeArena; blocks: Block[] }>(({ arena, blocks }) => {
  for (const block of blocks) arena.free(block);
});

/** Options of {@link CodeRows}. */
export interface CodeRowsOptions {
  readonly dimensions: number;
  /** @default the arena of this thread */
  readonly arena?: CodeArena | undefined;
  /** Bytes of a block: enough that few are needed, little enough that a scan of one holds up nothing. @default 1 MiB */
  readonly blockBytes?: number | undefined;
}

/**
 * Rows of int8 codes where the kernel scans them: in blocks of an arena, which are given back when nobody holds the rows
 * any more. Whoever scans a block has to hold the rows.
 */
export class CodeRows {
  readonly dimensions: number;
  /** Bytes from one row to the next: the dimensions, and what fills them up to whole steps of the kernel. */
  readonly stride: number;
  /** All blocks hold as many rows, but for the last. */
  readonly rowsPerBlock: number;
  readonly #arena: CodeArena;
  readonly #blocks: Block[] = [];
  readonly #views: Int8Array[] = [];
  #length = 0;

  constructor({ dimensions, arena = codeArena, blockBytes = 1 << 20 }: CodeRowsOptions) {
    this.dimensions = dimensions;
    this.stride = Math.ceil(dimensions / step) * step;
    this.rowsPerBlock = Math.max(1, Math.floor(blockBytes / this.stride));
    this.#arena = arena;
    // the list, not the rows: what is held for afterwards must not keep them
    abandoned.register(this, { arena, blocks: this.#blocks });
  }

  get arena(): CodeArena {
    return this.#arena;
  }

  get length(): number {
    return this.#length;
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Bytes of a block, row after row. */
  view(block: number): Int8Array {
    return this.#views[block]!;
  }

  /** The codes of one row. */
  row(index: number): Int8Array {
    const start = (index % this.rowsPerBlock) * this.stride;
    return this.#views[Math.floor(index / this.rowsPerBlock)]!.subarray(start, start + this.dimensions);
  }

  /** Adds a row. */
  push(codes: Int8Array): void {
    const within = this.#length % this.rowsPerBlock;
    if (within === 0) this.#keep(this.#arena.allocate(this.rowsPerBlock * this.stride));
    this.#views.at(-1)!.set(codes, within * this.stride);
    this.#length++;
  }

  /** Gives back what the last block does not need; nothing is added after it. */
  trim(): void {
    const last = this.#blocks.pop();
    if (last === undefined) return;
    this.#views.pop();
    const rows = this.#length - this.#blocks.length * this.rowsPerBlock;
    this.#keep(this.#arena.shrink(last, rows * this.stride));
  }

  #keep(block: Block): void {
    this.#blocks.push(block);
    this.#views.push(new Int8Array(block.space.buffer, block.at, block.bytes));
  }
}
