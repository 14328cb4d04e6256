import type { CompiledModule, SharedMemory } from "./web-assembly.js";

/** What a scanning thread is started with. */
export interface ScanStart {
  readonly module: CompiledModule;
}

/** What a scanning thread is told: a memory that jobs will be in, or a job, to which it answers with the job's number. */
export type ScanRequest =
  | { readonly kind: "space"; readonly number: number; readonly memory: SharedMemory }
  | { readonly kind: "job"; readonly job: number; readonly control: SharedArrayBuffer };
