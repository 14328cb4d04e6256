import { makeProof, type ProofOptions } from "./make-proof.js";
import type { ProofJson } from "./proof-json.js";
import type { Provable } from "./provable.js";
import { renderPage } from "./render-page.js";

/** Options of {@link bundle}. */
export type BundleOptions = ProofOptions;

/** A proof in its two forms. */
export interface ProofBundle {
  /** One file: shows the answer, and checks its quotes against the sources that a reader drops in. Asks nothing of any server. */
  readonly html: string;
  /** The same for machines; the page holds it too. */
  readonly json: ProofJson;
}

/**
 * Makes a proof of an answer or a report that can be handed on: whoever gets it checks every quote against their own copy of the
 * sources, without a model, an index or a server.
 *
 * @throws ClewError `invalid-option`; the signal's reason when it is aborted
 */
export async function bundle(provable: Provable, options: BundleOptions = {}): Promise<ProofBundle> {
  const json = await makeProof(provable, options);
  return { html: renderPage(json), json };
}
