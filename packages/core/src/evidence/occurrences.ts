/** Where {@link firstOccurrence} looks, and what it takes. */
export interface OccurrenceOptions {
  /** Offset to start from. @default 0 */
  from?: number | undefined;
  /** Whether an occurrence at [start, end) counts. @default every one */
  accept?: ((start: number, end: number) => boolean) | undefined;
}

/**
 * Start of the first occurrence of `sought` in `text` that is accepted; overlapping occurrences are all looked at.
 * Linear in both lengths whatever they hold, unlike repeated `indexOf`.
 *
 * @see Knuth, Morris and Pratt, "Fast Pattern Matching in Strings", 1977
 */
export function firstOccurrence(
  text: string,
  sought: string,
  { from = 0, accept = () => true }: OccurrenceOptions = {},
): number | undefined {
  const { length } = sought;
  if (length === 0 || text.length - from < length) return undefined;
  const fallback = fallbackTable(sought);
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && sought.charCodeAt(matched) !== code) matched = fallback[matched - 1]!;
    if (sought.charCodeAt(matched) === code) matched++;
    if (matched < length) continue;
    const start = at + 1 - length;
    if (accept(start, at + 1)) return start;
    matched = fallback[matched - 1]!;
  }
  return undefined;
}

/** For each prefix, the length of its longest proper prefix that is also its suffix. */
function fallbackTable(sought: string): Uint32Array {
  const table = new Uint32Array(sought.length);
  let matched = 0;
  for (let at = 1; at < sought.length; at++) {
    const code = sought.charCodeAt(at);
    while (matched > 0 && sought.charCodeAt(matched) !== code) matched = table[matched - 1]!;
    if (sought.charCodeAt(matched) === code) matched++;
    table[at] = matched;
  }
  return table;
}
