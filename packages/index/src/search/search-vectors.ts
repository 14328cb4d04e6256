import { type QuantisedQuery, quantiseQuery } from "../scan/quantise-query.js";
import { rowRuns } from "../scan/row-runs.js";
import { runScan } from "../scan/run-scan.js";
import type { ScanTask } from "../scan/scan-job.js";
import type { ScanPool } from "../scan/scan-pool.js";
import type { SegmentVectors } from "../segment/segment.js";
import { pacer } from "../state/pacer.js";
import type { Selection } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { Contenders } from "./contenders.js";
import { dot } from "./dot.js";
import { type ScoredRow, TopK } from "./top-k.js";

/** Options of {@link searchVectors}. */
export interface SearchVectorsOptions {
  query: Float32Array;
  chosen: Selection;
  k: number;
  /** The exact vector of a row. */
  exact: (segment: number, row: number) => Float32Array;
  /** Threads that scan, this one among them. */
  threads: number;
  /** @default the pool of this thread */
  pool?: ScanPool | undefined;
  /** Bytes of codes from which on other threads are asked to help; fewer are scanned before they have begun. @default 16 MiB */
  helpedBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called when the search goes on after a pause. @throws when it must not */
  resume?: (() => void) | undefined;
}

/**
 * The k rows nearest to the query by dot product, exactly: a scan of the quantised vectors in integers bounds every
 * score, and rows are scored from their exact vectors, most promising first, until no bound reaches the k-th score.
 */
export async function searchVectors(state: TenantState, options: SearchVectorsOptions): Promise<ScoredRow[]> {
  const { query, chosen, k, exact, threads, pool, helpedBytes = 16 << 20, signal, resume } = options;
  const pace = pacer(signal);
  const pause = (): Promise<void> | undefined => pace.pace()?.then(resume);
  const { tasks, rows, bytes } = await planScan(state, chosen, pause);
  const quantised = quantiseQuery(query);
  const contenders = new Contenders(Math.min(k, rows));
  await runScan({
    tasks,
    query: quantised.codes,
    helpers: bytes < helpedBytes ? 0 : threads - 1,
    pool,
    signal,
    pause,
    resume,
    weigh: (task, sums) => weigh(state.segments[task.segment]!.segment.vectors!, task, sums, quantised, contenders),
  });

  const best = new TopK(k);
  for (let next = contenders.next(); next !== undefined && next.upper >= best.floor; next = contenders.next()) {
    const { segment, row } = next;
    best.offer({
      segment,
      row,
      id: state.segments[segment]!.segment.ids[row]!,
      score: dot(exact(segment, row), query),
    });
    await pause();
  }
  return best.sorted();
}

/** The chosen rows that have vectors, block by block. */
async function planScan(
  { segments }: TenantState,
  chosen: Selection,
  pause: () => Promise<void> | undefined,
): Promise<{ tasks: ScanTask[]; rows: number; bytes: number }> {
  const tasks: ScanTask[] = [];
  let [rows, bytes] = [0, 0];
  for (const [
    segment,
    {
      segment: { vectors },
    },
  ] of segments.entries()) {
    if (vectors === undefined) continue;
    const { codes } = vectors;
    for (let block = 0; block < codes.blocks.length; block++) {
      const first = block * codes.rowsPerBlock;
      const runs = rowRuns(chosen.masks[segment]!, first, Math.min(codes.length, first + codes.rowsPerBlock));
      let count = 0;
      for (let i = 1; i < runs.length; i += 2) count += runs[i]!;
      if (count > 0) tasks.push({ segment, rows: codes, block, runs, count });
      rows += count;
      bytes += count * codes.stride;
      await pause();
    }
  }
  return { tasks, rows, bytes };
}

/**
 * Bounds the scores of a task's rows. With v = scale·c + r and q = scale′·u + r′, where c and u are the codes,
 * `v·q = scale·scale′·(c·u) + scale·(c·r′) + r·q`; by Cauchy and Schwarz the last two are at most
 * `‖scale·c‖·‖r′‖ + ‖r‖·‖q‖`. What rounding adds, here and in the exact score, is less than `rounding·‖v‖·‖q‖`.
 */
function weigh(
  { codes, scales, norms, errors }: SegmentVectors,
  { block, segment, runs }: ScanTask,
  sums: Int32Array,
  { scale, residual, length }: QuantisedQuery,
  contenders: Contenders,
): void {
  const rounding = (4 * codes.dimensions + 64) * Number.EPSILON;
  const ofError = length * (1 + rounding);
  const ofNorm = residual * (1 + rounding) + length * rounding;
  const first = block * codes.rowsPerBlock;
  let { floor } = contenders;
  let at = 0;
  for (let run = 0; run < runs.length; run += 2) {
    const from = first + runs[run]!;
    const to = from + runs[run + 1]!;
    for (let row = from; row < to; row++) {
      const middle = sums[at++]! * scale * scales[row]!;
      const error = errors[row]! * ofError + norms[row]! * ofNorm;
      if (middle + error < floor) continue; // false for what is not a number, which stays in
      contenders.offer(segment, row, middle - error, middle + error);
      floor = contenders.floor;
    }
  }
}
