import { fstatSync } from "node:fs";
import { type Metas, readAt, readPage, type Stretch, valueSlack } from "./pages.js";

const metaPages = 2;
const chunkBytes = 1 << 18;

/**
 * Every stretch of a data file that neither of its two states reads, and that is not zero already: pages that are free,
 * free space within pages, what lies behind the end of long values. Yields whenever it may pause.
 *
 * @returns undefined when a page is not what its tree says: the file was written to meanwhile, or is damaged
 */
export function* unusedBytes(descriptor: number, { pageSize, states }: Metas): Generator<void, Stretch[] | undefined> {
  const { size } = fstatSync(descriptor);
  const count = Math.ceil(size / pageSize);
  const used = new Uint8Array(count);
  const stretches: Stretch[] = [];
  const add = (from: number, to: number, bytes: Buffer): void => {
    if (to > from && !isZero(bytes)) stretches.push([from, to]);
  };
  used.fill(1, 0, metaPages);

  for (const { roots, lastPage } of states) {
    const open = roots.filter((root) => root !== undefined);
    for (let page = open.pop(); page !== undefined; page = open.pop()) {
      if (page < metaPages || page > lastPage || page >= count) return undefined;
      // the older state shares with the newer what did not change
      if (used[page] === 1) continue;
      used[page] = 1;
      const bytes = readAt(descriptor, page * pageSize, pageSize);
      const contents = readPage(bytes, page);
      if (contents === undefined) return undefined;
      const [from, to] = contents.slack;
      add(page * pageSize + from, page * pageSize + to, bytes.subarray(from, to));
      for (const [first, pages, length] of contents.values) {
        if (first < metaPages || first + pages > count) return undefined;
        used.fill(1, first, first + pages);
        const [start, end] = valueSlack(pageSize, first, pages, length);
        if (end > start) add(start, end, readAt(descriptor, start, end - start));
      }
      open.push(...contents.pages);
      yield;
    }
  }

  const pagesAtOnce = Math.max(1, Math.floor(chunkBytes / pageSize));
  for (let page = metaPages; page < count; ) {
    let end = page;
    while (end < count && used[end] === used[page] && end - page < pagesAtOnce) end++;
    if (used[page] === 0) {
      const to = Math.min(end * pageSize, size);
      add(page * pageSize, to, readAt(descriptor, page * pageSize, to - page * pageSize));
    }
    page = end;
    yield;
  }
  return stretches;
}

const zeros = Buffer.alloc(chunkBytes);

const isZero = (bytes: Buffer): boolean => {
  for (let from = 0; from < bytes.length; from += zeros.length) {
    const part = bytes.subarray(from, from + zeros.length);
    if (!part.equals(zeros.subarray(0, part.length))) return false;
  }
  return true;
};
