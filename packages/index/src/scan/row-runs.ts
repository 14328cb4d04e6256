const none = 0;
const all = 0x01010101;

/** Runs of rows that a mask chooses in [from, to): pairs of the first row, counted from `from`, and how many follow. */
export function rowRuns(mask: Uint8Array, from: number, to: number): number[] {
  const runs: number[] = [];
  // four rows at a look: most masks are of long stretches
  const fours = mask.byteOffset % 4 === 0 ? new Uint32Array(mask.buffer, mask.byteOffset, mask.length >> 2) : undefined;
  let start = -1;
  for (let row = from; row < to; ) {
    if (fours !== undefined && row % 4 === 0 && row + 4 <= to && fours[row >> 2] === (start < 0 ? none : all)) {
      row += 4;
      continue;
    }
    const chosen = mask[row] !== 0;
    if (chosen && start < 0) start = row;
    else if (!chosen && start >= 0) {
      runs.push(start - from, row - start);
      start = -1;
    }
    row++;
  }
  if (start >= 0) runs.push(start - from, to - start);
  return runs;
}
