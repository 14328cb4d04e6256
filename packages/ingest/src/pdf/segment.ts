import type { TextItem } from "./text-item.js";

/** Items next to each other on one baseline, without a wide gap. */
export interface Segment {
  readonly items: TextItem[];
  x: number;
  right: number;
  readonly y: number;
  readonly size: number;
}
