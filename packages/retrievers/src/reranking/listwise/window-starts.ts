/** Where the windows over a list begin, from its end to its head; none for a list with nothing to order. */
export function windowStarts(length: number, window: number, step: number): number[] {
  if (length < 2) return [];
  const starts: number[] = [];
  for (let start = Math.max(0, length - window); ; start = Math.max(0, start - step)) {
    starts.push(start);
    if (start === 0) return starts;
  }
}
