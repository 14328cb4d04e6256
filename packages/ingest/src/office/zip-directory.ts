/** One entry of a zip archive as its central directory declares it; nothing here is proved yet. */
export interface ZipEntry {
  /** Path inside the archive, `/` between folders. */
  readonly name: string;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc32: number;
  /** Bytes. */
  readonly compressedSize: number;
  /** Bytes. */
  readonly size: number;
  /** Offset of the local header in the archive. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const zip64Locator = 0x07064b50;
const zip64End = 0x06064b50;

/**
 * Reads the central directory of a zip archive, folders left out. Only the directory is read: a bomb costs nothing.
 *
 * @param maxEntries stops after so many; the caller compares the count
 * @returns undefined when there is no whole directory, as in a truncated file
 * @see PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16
 */
export function zipDirectory(bytes: Uint8Array, { maxEntries = 100_000 } = {}): ZipEntry[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return undefined;
  let at = view.getUint32(end + 16, true);
  let count = view.getUint16(end + 10, true);
  if (end >= 20 && view.getUint32(end - 20, true) === zip64Locator) {
    const wide = readWide(view, end - 12);
    if (wide === undefined || wide + 56 > view.byteLength || view.getUint32(wide, true) !== zip64End) return undefined;
    count = readWide(view, wide + 32) ?? count;
    at = readWide(view, wide + 48) ?? at;
  }
  const entries: ZipEntry[] = [];
  for (let n = 0; n < count && entries.length < maxEntries; n++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== entrySignature) return undefined;
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) return undefined;
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)).replaceAll("\\", "/");
    const extra = at + 46 + nameLength;
    const [size, compressedSize, offset] = wideFields(view, extra, extra + extraLength, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    if (!name.endsWith("/")) {
      entries.push({
        name,
        method: view.getUint16(at + 10, true),
        encrypted: (view.getUint16(at + 8, true) & 1) === 1,
        crc32: view.getUint32(at + 16, true),
        compressedSize: compressedSize!,
        size: size!,
        offset: offset!,
      });
    }
    at = next;
  }
  return entries;
}

function findEnd(view: DataView): number | undefined {
  // the end record is 22 bytes and a comment of at most 65,535
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}

// sizes and offsets of 0xffffffff stand in the zip64 field, in the order size, compressed size, offset
function wideFields(view: DataView, start: number, end: number, fields: number[]): number[] {
  let at = start;
  while (at + 4 <= end) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      let value = at + 4;
      return fields.map((field) => {
        if (field !== 0xffffffff || value + 8 > Math.min(at + 4 + length, end)) return field;
        value += 8;
        return readWide(view, value - 8) ?? field;
      });
    }
    at += 4 + length;
  }
  return fields;
}

function readWide(view: DataView, at: number): number | undefined {
  if (at < 0 || at + 8 > view.byteLength) return undefined;
  const value = view.getBigUint64(at, true);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(value);
}
