import { checkKeys, invalidOption, isNonNegative, positiveInteger } from "@clew/core";
import type { Blend } from "./blend.js";
import { type Calibration, checkedCalibration, comparableScores } from "./comparable-scores.js";
import { stretched } from "./stretched.js";

/** Hits of the stage before up to a rank. */
export interface RankBand {
  /** Last rank of the band, from 1; only the last band goes without, to the end. */
  to?: number | undefined;
  /** Share of the reranker in the final score, in [0, 1]. */
  share: number;
}

/** Options of {@link bandedBlend}. */
export interface BandedBlendOptions extends Calibration {
  /** From the head of the list on. @default .35 for ranks 1 to 3, .5 to rank 10, .6 behind */
  bands?: readonly RankBand[] | undefined;
}

const usual: readonly RankBand[] = [{ to: 3, share: 0.35 }, { to: 10, share: 0.5 }, { share: 0.6 }];

/**
 * Mixes as `calibratedBlend` does, with a share that depends on the rank before: what the stage before put at the head
 * it knows best, and a reranker has to be surer to move it.
 *
 * @throws ClewError `invalid-option`
 */
export function bandedBlend(options: BandedBlendOptions = {}): Blend {
  checkKeys("bandedBlend", options, ["bands", "slope", "bias"] satisfies (keyof BandedBlendOptions)[]);
  const { bands = usual } = options;
  const calibration = checkedCalibration(options);
  let from = 0;
  for (const [index, band] of bands.entries()) {
    checkKeys(`bandedBlend.bands[${index}]`, band, ["to", "share"] satisfies (keyof RankBand)[]);
    checkShare(`bands[${index}].share`, band.share);
    const isLast = index === bands.length - 1;
    if (band.to === undefined ? !isLast : isLast || positiveInteger(`bands[${index}].to`, band.to) <= from) {
      throw invalidOption("bands", "ranks that grow, and a last band without `to`", bands);
    }
    from = band.to ?? from;
  }
  if (bands.length === 0) throw invalidOption("bands", "one band at least", bands);
  return {
    mix: (hits, scale) => {
      const before = stretched(hits.map((hit) => hit.before));
      const after = comparableScores(
        hits.map(({ score }) => score),
        scale,
        calibration,
      );
      return hits.map((hit, index) => {
        const { share } = bands.find(({ to = Number.POSITIVE_INFINITY }) => hit.rank <= to)!;
        return { before: (1 - share) * before(hit.before), reranker: share * after[index]! };
      });
    },
  };
}

/** @throws ClewError `invalid-option` */
export function checkShare(name: string, share: number): void {
  if (!isNonNegative(share) || share > 1) throw invalidOption(name, "a number from 0 to 1", share);
}
