import type { AnswerSentence } from "@clew/core";

/** Reasons of sentences that cite nothing and need not: the first is the verifier's, the second the graph's. */
const harmless = ["It claims nothing that could be looked up.", "It is said without looking anything up."];

/** What a reader has to be told of a sentence; "" of one that is supported, or that claims nothing of the sources. */
export function doubtOf({ verdict, reasons }: Pick<AnswerSentence, "verdict" | "reasons">): string {
  if (verdict === "supported") return "";
  return verdict === "uncited" && reasons.some((reason) => harmless.includes(reason)) ? "" : `(${verdict})`;
}
