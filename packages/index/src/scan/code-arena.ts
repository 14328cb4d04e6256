import { type ScanKernel, scanKernel, scanModule } from "./scan-kernel.js";
import { type SharedMemory, webAssembly } from "./web-assembly.js";

/** A stretch of memory that blocks are cut from. */
export interface Space {
  /** Distinct in this thread. */
  readonly number: number;
  readonly buffer: ArrayBufferLike;
  /** Present in a space that the kernel works on, and other threads with it. */
  readonly wasm?: { readonly memory: SharedMemory; readonly kernel: ScanKernel } | undefined;
}

/** A piece of a space. */
export interface Block {
  readonly space: Space;
  /** Address of its first byte, a multiple of {@link alignment}. */
  readonly at: number;
  readonly bytes: number;
}

/** Options of {@link CodeArena}. */
export interface CodeArenaOptions {
  /** Size to which a space may grow, in pages of 64 KiB, at most 65,535: an address never wraps. @default 65535 */
  readonly pages?: number | undefined;
}

/** What addresses are multiples of: a line of the processor's cache. */
const alignment = 64;
const pageBytes = 1 << 16;
const pagesAtOnce = 16;

interface Gap {
  at: number;
  bytes: number;
}

let spaces = 0;

/**
 * Memory for codes that the kernel scans where it stands: spaces of shared WebAssembly memory, of which another is made
 * when one is full, with first-fit reuse of what was freed. Where shared memory cannot be had, each block is memory of
 * its own for {@link scanPlain}.
 */
export class CodeArena {
  readonly #pages: number;
  readonly #spaces: { readonly space: Space; readonly gaps: Gap[]; end: number }[] = [];

  constructor({ pages = 65_535 }: CodeArenaOptions = {}) {
    this.#pages = pages;
  }

  /** Bytes of all spaces, free ones among them. */
  get size(): number {
    return this.#spaces.reduce((sum, { end }) => sum + end, 0);
  }

  /** Bytes of them that are in blocks. */
  get used(): number {
    return this.#spaces.reduce((sum, { gaps, end }) => gaps.reduce((rest, { bytes }) => rest - bytes, sum + end), 0);
  }

  /** A block whose bytes may hold anything. */
  allocate(bytes: number): Block {
    for (const { space } of this.#spaces) {
      const block = this.allocateIn(space, bytes);
      if (block !== undefined) return block;
    }
    const space = aligned(bytes) <= this.#pages * pageBytes ? this.#newSpace() : undefined;
    const block = space && this.allocateIn(space, bytes);
    if (block !== undefined) return block;
    if (space !== undefined) this.#spaces.pop(); // not even its first block could be had
    return { space: { number: spaces++, buffer: new ArrayBuffer(aligned(bytes)) }, at: 0, bytes: aligned(bytes) };
  }

  /** A block of one space; undefined when it is full. */
  allocateIn(space: Space, bytes: number): Block | undefined {
    const home = this.#spaces.find((one) => one.space === space);
    if (home === undefined) return undefined;
    const wanted = aligned(bytes);
    let at = home.gaps.findIndex((gap) => gap.bytes >= wanted);
    if (at < 0) {
      const last = home.gaps.at(-1);
      const open = last !== undefined && last.at + last.bytes === home.end ? last.bytes : 0;
      const grown = Math.ceil((wanted - open) / pageBytes);
      if (!this.#grow(home, Math.max(grown, pagesAtOnce)) && !this.#grow(home, grown)) return undefined;
      at = home.gaps.length - 1;
    }
    const gap = home.gaps[at]!;
    const block = { space, at: gap.at, bytes: wanted };
    gap.at += wanted;
    gap.bytes -= wanted;
    if (gap.bytes === 0) home.gaps.splice(at, 1);
    return block;
  }

  /** Gives a block back, to be allocated anew; nobody may look at it any more. */
  free({ space, at, bytes }: Block): void {
    const home = this.#spaces.find((one) => one.space === space);
    if (home === undefined || bytes === 0) return;
    const { gaps } = home;
    let low = 0;
    let high = gaps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (gaps[middle]!.at < at) low = middle + 1;
      else high = middle;
    }
    gaps.splice(low, 0, { at, bytes });
    for (const before of [low, low - 1]) {
      const [one, next] = [gaps[before], gaps[before + 1]];
      if (one === undefined || next === undefined || one.at + one.bytes !== next.at) continue;
      one.bytes += next.bytes;
      gaps.splice(before + 1, 1);
    }
  }

  /** The first bytes of a block; the rest is given back. */
  shrink(block: Block, bytes: number): Block {
    const kept = Math.min(block.bytes, aligned(bytes));
    if (block.space.wasm === undefined) {
      return { space: { number: spaces++, buffer: block.space.buffer.slice(0, kept) }, at: 0, bytes: kept };
    }
    this.free({ space: block.space, at: block.at + kept, bytes: block.bytes - kept });
    return { ...block, bytes: kept };
  }

  #newSpace(): Space | undefined {
    const module = scanModule();
    if (module === undefined) return undefined;
    try {
      const memory = new webAssembly!.Memory({ initial: 0, maximum: this.#pages, shared: true });
      const kernel = scanKernel(module, memory);
      const space: Space = {
        number: spaces++,
        wasm: { memory, kernel },
        get buffer() {
          return memory.buffer;
        },
      };
      this.#spaces.push({ space, gaps: [], end: 0 });
      return space;
    } catch {
      return undefined; // no address space left for one more
    }
  }

  #grow(home: { readonly space: Space; readonly gaps: Gap[]; end: number }, pages: number): boolean {
    const bytes = pages * pageBytes;
    if (home.end + bytes > this.#pages * pageBytes) return false;
    try {
      home.space.wasm!.memory.grow(pages);
    } catch {
      return false; // no memory left for it
    }
    const last = home.gaps.at(-1);
    if (last !== undefined && last.at + last.bytes === home.end) last.bytes += bytes;
    else home.gaps.push({ at: home.end, bytes });
    home.end += bytes;
    return true;
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** The one of this thread: all indexes share it. */
export const codeArena = new CodeArena();
