import { checkKeys } from "@clew/core";
import { checkShare } from "./banded-blend.js";
import type { Blend } from "./blend.js";
import { stretched } from "./stretched.js";

/** Options of {@link stretchedBlend}. */
export interface StretchedBlendOptions {
  /** Share of the reranker in the final score, in [0, 1]. @default 0.5 */
  share?: number | undefined;
}

/**
 * Mixes both scores stretched to [0, 1] over the hits that were scored, whatever they mean.
 *
 * @throws ClewError `invalid-option`
 */
export function stretchedBlend(options: StretchedBlendOptions = {}): Blend {
  checkKeys("stretchedBlend", options, ["share"] satisfies (keyof StretchedBlendOptions)[]);
  const { share = 0.5 } = options;
  checkShare("share", share);
  return {
    mix: (hits) => {
      const before = stretched(hits.map((hit) => hit.before));
      const after = stretched(hits.map(({ score }) => score));
      return hits.map((hit) => ({
        before: (1 - share) * before(hit.before),
        reranker: share * after(hit.score),
      }));
    },
  };
}
