import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { ClewError, type EraseReceipts } from "@clew/core";

/**
 * Keeps receipts of erasures in a file of JSON lines, readable by its owner alone: each is on the disk when `append`
 * resolves, and nothing is ever changed. One writer at a time; the directory is made.
 *
 * @throws ClewError `storage-failed`, when it is used
 */
export function receiptFile(path: string): EraseReceipts {
  let writing: Promise<unknown> = Promise.resolve();
  const write = async (line: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "a+", 0o600);
    try {
      const { size } = await file.stat();
      const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: Math.max(0, size - 1) });
      // a crash may have left half a line: it must not swallow this one
      const before = size > 0 && buffer[0] !== 0x0a ? "\n" : "";
      await file.appendFile(`${before}${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  };
  return {
    append: async (receipt) => {
      const mine = writing.then(() => write(JSON.stringify(receipt)));
      writing = mine.catch(() => undefined); // told to its own caller; the next one tries again
      await mine.catch((cause: unknown) => {
        const message = `The receipt of the erasure could not be written to ${path}. Check its rights and the disk.`;
        throw new ClewError("storage-failed", message, { cause });
      });
    },
  };
}
