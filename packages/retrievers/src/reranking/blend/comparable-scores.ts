import { invalidOption, type ScoreScale } from "@clew/core";
import { stretched } from "./stretched.js";

/** How log-odds become probabilities: `1 / (1 + exp(−(slope · score + bias)))`. */
export interface Calibration {
  /** Steepness (above 0); below 1 for models that are too sure of themselves. @default 1 */
  slope?: number | undefined;
  /** Shift of the log-odds. @default 0 */
  bias?: number | undefined;
}

/**
 * Checks a calibration and fills its defaults in.
 *
 * @throws ClewError `invalid-option`
 */
export function checkedCalibration({ slope = 1, bias = 0 }: Calibration): Required<Calibration> {
  if (!(Number.isFinite(slope) && slope! > 0)) throw invalidOption("slope", "a finite number above 0", slope);
  if (!Number.isFinite(bias)) throw invalidOption("bias", "a finite number", bias);
  return { slope, bias };
}

/** Maps a reranker's scores to [0, 1], so that they can be added to stretched ones: by their meaning, else by stretching. */
export function comparableScores(
  scores: readonly number[],
  scale: ScoreScale,
  { slope = 1, bias = 0 }: Calibration,
): number[] {
  switch (scale) {
    case "log-odds":
      return scores.map((score) => 1 / (1 + Math.exp(-(slope! * score + bias!))));
    case "probability":
      return scores.map((score) => Math.min(1, Math.max(0, score)));
    case "order":
    case "complete":
      return scores.map(stretched(scores));
  }
}
