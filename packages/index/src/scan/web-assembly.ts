/** Memory that threads share. It never moves: a view made before it grew still shows the same bytes. */
export interface SharedMemory {
  /** All of it as it is now. */
  readonly buffer: SharedArrayBuffer;
  /** @throws RangeError when there is no room */
  grow(pages: number): number;
}

/** A compiled module; threads may be sent it. */
export type CompiledModule = object;

interface WebAssemblyLike {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Instance: new (module: CompiledModule, imports: object) => { readonly exports: object };
}

/** The part of WebAssembly used here, which the types of Node 20 lack; undefined where it is switched off. */
export const webAssembly = (globalThis as { readonly WebAssembly?: WebAssemblyLike }).WebAssembly;
