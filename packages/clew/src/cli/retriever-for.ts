import { ClewError, type Retriever } from "@clew/core";
import { hybrid, lexical, linked, naive } from "@clew/retrievers";
import type { Workspace } from "./workspace.js";

/** Retrievers that the command line knows by name. */
export const retrieverNames = ["hybrid", "lexical", "linked", "naive"] as const;

/**
 * The retriever of this name over the workspace; by default `hybrid`, and `lexical` where there is no embedder.
 *
 * @throws ClewError `invalid-option` for another name, `leg-missing`
 */
export function retrieverFor({ index, me, embedder }: Workspace, name?: string): Retriever {
  const view = index.in(me);
  switch (name ?? (embedder === undefined ? "lexical" : "hybrid")) {
    case "hybrid":
      return hybrid(view);
    case "lexical":
      return lexical(view);
    case "linked":
      return linked(view);
    case "naive":
      return naive(view);
    default:
      throw new ClewError(
        "invalid-option",
        `Option --retriever must be one of ${retrieverNames.join(", ")}, but got "${name}".`,
      );
  }
}
