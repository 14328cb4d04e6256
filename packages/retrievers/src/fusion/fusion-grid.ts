import { convex, type Normalisation } from "./convex.js";
import type { Fusion } from "./fusion.js";
import { rrf } from "./rrf.js";

const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const normalisations: readonly (readonly [dense: Normalisation, lexical: Normalisation])[] = [
  ["none", "max"],
  ["max", "max"],
  ["min-max", "min-max"],
];

/**
 * Fusions of a lexical and a dense leg worth trying, 38 of them: `convex` with the dense leg's share from .1 to .9 and
 * its cosines raw, divided by the best or stretched to [0, 1]; `rrf` with constants 2, 10 and 60 and the dense leg's
 * share .3, .5 and .7; and each leg alone.
 */
export function fusionGrid(): Fusion[] {
  const weights = (dense: number) => ({ dense, lexical: Number((1 - dense).toFixed(1)) });
  return [
    ...normalisations.flatMap(([dense, lexical]) =>
      shares.map((share) => convex({ weights: weights(share), normalise: { dense, lexical } })),
    ),
    ...[2, 10, 60].flatMap((rankConstant) =>
      [0.3, 0.5, 0.7].map((share) => rrf({ rankConstant, weights: weights(share) })),
    ),
    convex({ weights: weights(0) }),
    convex({ weights: weights(1) }),
  ];
}
