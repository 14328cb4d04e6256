import { invalidOption } from "@clew/core";
import { type BeirDataset, halves } from "@clew/evaluate";

/** Which questions of a set are asked: all, or one half of them in the order of a seed. */
export type Half = "first" | "second" | "all";

/** A set with the questions of one half; its judgements and corpus stay whole. */
export function chooseHalf(dataset: BeirDataset, half: Half, seed: number): BeirDataset {
  if (half === "all") return dataset;
  if (half !== "first" && half !== "second") throw invalidOption("half", "first, second or all", half);
  return { ...dataset, queries: halves(dataset.queries, seed)[half] };
}
