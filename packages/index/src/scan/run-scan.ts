import { raceSignal } from "@clew/core";
import { ScanJob, type ScanTask } from "./scan-job.js";
import { type ScanPool, scanPool } from "./scan-pool.js";

/** Options of {@link runScan}. */
export interface RunScanOptions {
  readonly tasks: readonly ScanTask[];
  /** A code a dimension; see `quantiseQuery`. */
  readonly query: Int16Array;
  /** Threads that may help. */
  readonly helpers: number;
  /** @default the pool of this thread */
  readonly pool?: ScanPool | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Gives way to the event loop when it is time to. @throws when the scan must not go on */
  readonly pause: () => Promise<void> | undefined;
  /** Called after helpers were waited for. @throws when the scan must not go on */
  readonly resume?: (() => void) | undefined;
  /** Is given the dot products of each task once, in any order. */
  readonly weigh: (task: ScanTask, sums: Int32Array) => void;
}

/**
 * Scans all tasks. This thread takes one after the other, and so do helpers; what they have not done when they end, it
 * does itself.
 *
 * @throws the signal's reason when it is aborted; what `pause` and `resume` throw
 */
export async function runScan({
  tasks,
  query,
  helpers,
  pool = scanPool,
  signal,
  pause,
  resume,
  weigh,
}: RunScanOptions): Promise<void> {
  const job = new ScanJob(tasks, query);
  const invited = helpers > 0 && job.shared > 1 ? pool.invite(job, Math.min(helpers, job.shared - 1)) : undefined;
  try {
    const weighed = new Uint8Array(tasks.length);
    for (let task = job.claim(); task !== undefined; task = job.claim()) {
      job.scan(task);
      weigh(job.tasks[task]!, job.sums(task));
      weighed[task] = 1;
      await pause();
    }
    while (invited !== undefined && invited.owing > 0 && !job.isDone) {
      await raceSignal(invited.next(), signal);
      resume?.();
    }
    for (let task = 0; task < job.shared; task++) {
      if (weighed[task] === 1) continue;
      if (!job.isTaskDone(task)) job.scan(task);
      weigh(job.tasks[task]!, job.sums(task));
      await pause();
    }
  } finally {
    job.stop();
    if (invited === undefined) job.release();
    else invited.whenSettled(() => job.release());
  }
}
