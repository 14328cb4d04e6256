import type { Answer } from "@clew/core";
import type { BundleOptions, ProofBundle, Provable } from "@clew/core/proof";

/** What can be handed on as a proof. */
export interface Bundled {
  /**
   * One HTML file, and the same as JSON: the answer, its quotes with W3C text selectors, what is known of the sources, and the root
   * of the record. The page checks the quotes against sources that a reader drops in, without a model, an index or a server.
   *
   * @throws ClewError `invalid-option`; the signal's reason when it is aborted
   */
  bundle(options?: BundleOptions): Promise<ProofBundle>;
}

/** An answer of an agent: plain JSON, with a method that JSON does not see. */
export type AgentAnswer<A extends Answer = Answer> = A & Bundled;

/** The same answer (or report), able to make a proof of itself; what makes it is loaded when it is asked for. */
export function withBundle<A extends Provable>(answer: A): A & Bundled {
  const bundle: Bundled["bundle"] = async (options) => (await import("@clew/core/proof")).bundle(answer, options);
  return Object.defineProperty(answer, "bundle", {
    value: bundle,
    enumerable: false,
    configurable: true,
  }) as A & Bundled;
}
