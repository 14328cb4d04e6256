import type { IndexHealth } from "../inspect/index-health.js";
import { builtEntry } from "./run-child.js";

/** `inspectIndex` as built: it starts a program that stands beside it. */
export async function inspectIndexBuilt(path: string): Promise<IndexHealth> {
  const built = (await import(/* @vite-ignore */ builtEntry)) as typeof import("../index.js");
  return built.inspectIndex(path);
}
