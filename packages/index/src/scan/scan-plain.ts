/** What `scan-kernel.wat` computes, without it: the same integers. Offsets are bytes in `codes`. */
export function scanPlain(
  codes: Int8Array,
  runs: readonly number[],
  stride: number,
  query: Int16Array,
  out: Int32Array,
): void {
  const { length } = query;
  let to = 0;
  for (let run = 0; run < runs.length; run += 2) {
    const from = runs[run]! * stride;
    const end = from + runs[run + 1]! * stride;
    for (let row = from; row < end; row += stride) {
      // two sums: additions that do not wait for one another
      let even = 0;
      let odd = 0;
      for (let i = 0; i + 1 < length; i += 2) {
        even += codes[row + i]! * query[i]!;
        odd += codes[row + i + 1]! * query[i + 1]!;
      }
      if (length % 2 === 1) even += codes[row + length - 1]! * query[length - 1]!;
      out[to++] = even + odd;
    }
  }
}
