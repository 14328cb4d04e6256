/** Which rows hold which keys, both ways, in arrays. Keys are signed 32-bit hashes. */
export interface KeyTable {
  /** Keys of row r lie in [starts[r], starts[r + 1]), in the order they were added. */
  readonly starts: Uint32Array;
  readonly keys: Int32Array;
  /** Distinct keys, ascending; the rows of key number i lie in [rowStarts[i], rowStarts[i + 1]), ascending. */
  readonly distinct: Int32Array;
  readonly rowStarts: Uint32Array;
  readonly rows: Uint32Array;
}

/** So many places fit into a double beside a key. */
const places = 2 ** 21;

/** Makes a {@link KeyTable} of the keys of each row. */
export function keyTable(starts: Uint32Array, keys: Int32Array): KeyTable {
  const size = starts.length - 1;
  const owners = new Uint32Array(keys.length);
  for (let row = 0; row < size; row++) owners.fill(row, starts[row]!, starts[row + 1]!);
  const order = inOrder(keys);
  let count = 0;
  for (let i = 0; i < order.length; i++) if (i === 0 || keys[order[i]!] !== keys[order[i - 1]!]) count++;
  const distinct = new Int32Array(count);
  const rowStarts = new Uint32Array(count + 1);
  const rows = new Uint32Array(keys.length);
  let filled = 0;
  let number = -1;
  for (let i = 0; i < order.length; i++) {
    const key = keys[order[i]!]!;
    const isNew = number < 0 || distinct[number] !== key;
    if (isNew) {
      distinct[++number] = key;
      rowStarts[number] = filled;
    }
    const row = owners[order[i]!]!;
    // a key that a row holds twice counts once
    if (isNew || rows[filled - 1] !== row) rows[filled++] = row;
  }
  rowStarts[count] = filled;
  return { starts, keys, distinct, rowStarts, rows: rows.slice(0, filled) };
}

/** [from, to) of a key's rows; an empty range for a key that no row holds. */
export function rangeOf({ distinct, rowStarts }: KeyTable, key: number): readonly [from: number, to: number] {
  let low = 0;
  let high = distinct.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (distinct[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return distinct[low] === key ? [rowStarts[low]!, rowStarts[low + 1]!] : [0, 0];
}

/** Places of the entries, by key, then place, and so by row. */
function inOrder(keys: Int32Array): Uint32Array {
  if (keys.length > places) return Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
  // key and place in one double: native sorting is several times faster than a comparator
  const packed = Float64Array.from(keys, (key, place) => key * places + place).sort();
  return Uint32Array.from(packed, (value) => value - Math.floor(value / places) * places);
}
