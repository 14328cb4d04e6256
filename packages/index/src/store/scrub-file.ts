import { closeSync, fsync, openSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { ClewError, sleep } from "@clew/core";
import { pacer } from "../state/pacer.js";
import { runPaced } from "../state/run-paced.js";
import { dataFile } from "./check-data-file.js";
import { damaged } from "./damaged.js";
import { readMetas, type Stretch } from "./pages.js";
import type { Scrubbed } from "./store.js";
import { unusedBytes } from "./unused-bytes.js";

/** A reader of some process that holds a state. */
export interface HeldState {
  readonly process: number;
  readonly transaction: number;
}

/** Options of {@link scrubFile}. */
export interface ScrubFileOptions {
  /** Directory of the index. */
  path: string;
  /** Runs `work` while no process can write, and writes nothing itself. */
  locked: <T>(work: () => T) => T;
  /** Readers that hold a state, of all processes. */
  readers: () => readonly HeldState[];
  /** How long to wait for readers of older states, in milliseconds. */
  waitMs: number;
  signal: AbortSignal | undefined;
}

/** How long a slice holds the lock. */
const sliceMs = 8;
const readerPollMs = 20;
/** How often the file is gone through again because it was written to meanwhile; then once more with writers waiting. */
const tries = 4;
const zeros = Buffer.alloc(1 << 18);
const flush = promisify(fsync);

/**
 * Overwrites with zeros all bytes of a data file that neither of its two states reads. Nothing that any state needs is
 * touched, so that a process may be killed at any moment; whatever was half done is found again by the next time.
 *
 * The file is gone through without a lock; then slices of milliseconds are written under LMDB's own lock, each only while
 * nothing was committed since. Readers that hold an older state are waited for; one that stays is reported.
 *
 * @throws ClewError `index-damaged`, `storage-failed`; the signal's reason
 */
export async function scrubFile({ path, locked, readers, waitMs, signal }: ScrubFileOptions): Promise<Scrubbed> {
  const descriptor = openFile(path);
  try {
    const until = performance.now() + waitMs;
    let bytes = 0;
    for (let tried = 0; ; tried++) {
      signal?.throwIfAborted();
      const metas = readMetas(descriptor);
      const [{ transaction }, before] = metas.states;
      const held = readers().filter((reader) => reader.transaction < before.transaction);
      if (held.length > 0) {
        if (performance.now() >= until) return { bytes, heldBy: [...new Set(held.map(({ process }) => process))] };
        tried--;
        await sleep(readerPollMs, signal);
        continue;
      }
      const isSettled = (): boolean =>
        readMetas(descriptor).states[0].transaction === transaction &&
        readers().every((reader) => reader.transaction >= before.transaction);
      if (tried >= tries) {
        const overwritten = locked(() => {
          const now = readMetas(descriptor);
          if (readers().some((reader) => reader.transaction < now.states[1].transaction)) return undefined;
          const stretches = runAtOnce(unusedBytes(descriptor, now));
          if (stretches === undefined) throw damaged(path, "its pages do not belong together");
          return zero(descriptor, stretches);
        });
        if (overwritten === undefined) continue;
        bytes += overwritten;
        break;
      }
      const stretches = await runPaced(unusedBytes(descriptor, metas), pacer(signal));
      if (stretches === undefined) continue;
      const outcome = await writeInSlices(descriptor, stretches, locked, isSettled, signal);
      bytes += outcome.bytes;
      if (outcome.finished) break;
    }
    await flush(descriptor);
    return { bytes, heldBy: [] };
  } catch (cause) {
    if (ClewError.isInstance(cause) || signal?.aborted) throw cause;
    throw new ClewError("storage-failed", `The data file of the index at ${path} could not be overwritten.`, { cause });
  } finally {
    closeSync(descriptor);
  }
}

async function writeInSlices(
  descriptor: number,
  stretches: readonly Stretch[],
  locked: ScrubFileOptions["locked"],
  isSettled: () => boolean,
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; finished: boolean }> {
  let [next, bytes] = [0, 0];
  while (next < stretches.length) {
    signal?.throwIfAborted();
    const settled = locked(() => {
      if (!isSettled()) return false;
      const since = performance.now();
      while (next < stretches.length && performance.now() - since < sliceMs)
        bytes += zero(descriptor, [stretches[next++]!]);
      return true;
    });
    if (!settled) return { bytes, finished: false };
    await new Promise(setImmediate);
  }
  return { bytes, finished: true };
}

function zero(descriptor: number, stretches: readonly Stretch[]): number {
  let bytes = 0;
  for (const [from, to] of stretches) {
    for (let at = from; at < to; ) at += writeSync(descriptor, zeros, 0, Math.min(zeros.length, to - at), at);
    bytes += to - from;
  }
  return bytes;
}

function runAtOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function openFile(path: string): number {
  try {
    return openSync(dataFile(path), "r+");
  } catch (cause) {
    throw new ClewError("storage-failed", `The data file of the index at ${path} cannot be written to.`, { cause });
  }
}
