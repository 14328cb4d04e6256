import type { Ratio } from "../leg-figures.js";

/** Three digits, no more decimals than that takes. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))));
  return value.toFixed(Math.min(3, decimals));
}

/** In thousands where it has them. */
export const perSecond = (value: number): string => (value >= 1000 ? `${figure(value / 1000)} k` : figure(value));

/** The median of the rounds, and the least and the greatest of them. */
export const ratio = ({ median, min, max }: Ratio): string => `${figure(median)} (${figure(min)}–${figure(max)})`;
