/** Place of a passage among the segments of a state. */
export interface RowPlace {
  readonly segment: number;
  readonly row: number;
}
