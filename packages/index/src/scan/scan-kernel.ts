import { scanKernelBytes } from "./scan-kernel-bytes.js";
import { type CompiledModule, type SharedMemory, webAssembly } from "./web-assembly.js";

/** Writes the dot products of rows of codes with a query's; all arguments are addresses or bytes, see scan-kernel.wat. */
export type ScanKernel = (runs: number, runsEnd: number, stride: number, query: number, out: number) => void;

let compiled: { readonly module: CompiledModule | undefined } | undefined;

/** The kernel, compiled once; undefined where there is no WebAssembly, no SIMD or no shared memory. */
export function scanModule(): CompiledModule | undefined {
  if (compiled === undefined) {
    try {
      compiled = { module: webAssembly && new webAssembly.Module(Buffer.from(scanKernelBytes, "base64")) };
    } catch {
      compiled = { module: undefined }; // no such instructions here; scanPlain computes the same numbers
    }
  }
  return compiled.module;
}

/** The kernel over a memory. */
export function scanKernel(module: CompiledModule, memory: SharedMemory): ScanKernel {
  const { exports } = new webAssembly!.Instance(module, { clew: { memory } });
  return (exports as { readonly scan: ScanKernel }).scan;
}
