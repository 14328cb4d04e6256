import { checkKeys } from "@clew/core";
import { bandedBlend, checkShare } from "./banded-blend.js";
import type { Blend } from "./blend.js";
import type { Calibration } from "./comparable-scores.js";

/** Options of {@link calibratedBlend}. */
export interface CalibratedBlendOptions extends Calibration {
  /** Share of the reranker in the final score, in [0, 1]. @default 0.5 */
  share?: number | undefined;
}

/**
 * Mixes scores by what they mean: `(1 − share) · before + share · p`, where `before` is the score of the stage before,
 * stretched to [0, 1], and p the reranker's probability: the logistic of log-odds, a probability as it is, anything
 * else stretched. A reranker that is unsure of everything then changes little, and one that is sure much, which
 * stretching its scores as well would hide.
 *
 * @throws ClewError `invalid-option`
 */
export function calibratedBlend(options: CalibratedBlendOptions = {}): Blend {
  checkKeys("calibratedBlend", options, ["share", "slope", "bias"] satisfies (keyof CalibratedBlendOptions)[]);
  const { share = 0.5, ...calibration } = options;
  checkShare("share", share);
  return bandedBlend({ ...calibration, bands: [{ share }] });
}
