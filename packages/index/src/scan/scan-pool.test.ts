import { seededRandom } from "@clew/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { CodeArena } from "./code-arena.js";
import { CodeRows } from "./code-rows.js";
import { runScan } from "./run-scan.js";
import { ScanJob, type ScanTask } from "./scan-job.js";
import { scanPlain } from "./scan-plain.js";
import { ScanPool } from "./scan-pool.js";

const built = new URL("../../dist/scan/scan-worker.js", import.meta.url);
const fixture = (name: string): URL => new URL(`../../fixtures/${name}`, import.meta.url);
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const poolOf = (entry: URL): ScanPool => {
  const pool = new ScanPool({ entry });
  ends.push(pool.lease().end);
  return pool;
};

/** Threads begin and end when the machine has time for them. */
const patient = { timeout: 30_000 };
const dimensions = 96;
const query = Int16Array.from({ length: dimensions }, (_, i) => ((i * 7919) % 4001) - 2000);

/** Tasks over random rows, a block each, in a space of their own. */
function tasksOf(blocks: number, arena = new CodeArena({ pages: 1024 })): { tasks: ScanTask[]; arena: CodeArena } {
  const rowsPerBlock = 2000;
  const random = seededRandom(blocks);
  const rows = new CodeRows({ dimensions, arena, blockBytes: rowsPerBlock * dimensions });
  for (let row = 0; row < blocks * rowsPerBlock; row++)
    rows.push(Int8Array.from({ length: dimensions }, () => Math.round(random() * 254) - 127));
  const tasks = rows.blocks.map((_, block): ScanTask => {
    const runs = [3, 500, 1000, rowsPerBlock - 1000];
    return { segment: 0, rows, block, runs, count: runs[1]! + runs[3]! };
  });
  return { tasks, arena };
}

/** The sums of each block, added up. */
async function totals(tasks: readonly ScanTask[], options: Partial<Parameters<typeof runScan>[0]>) {
  const found = new Map<number, number[]>();
  await runScan({
    tasks,
    query,
    helpers: 2,
    pause: () => undefined,
    weigh: ({ block }, sums) => {
      expect(found.has(block)).toBe(false);
      found.set(block, [...sums]);
    },
    ...options,
  });
  return found;
}
const expected = (tasks: readonly ScanTask[]): Map<number, number[]> =>
  new Map(
    tasks.map(({ rows, block, runs, count }) => {
      const out = new Int32Array(count);
      scanPlain(rows.view(block), runs, rows.stride, query, out);
      return [block, [...out]];
    }),
  );
const sorted = <T>(map: ReadonlyMap<number, T>): [number, T][] => [...map].sort(([a], [b]) => a - b);
/** Lets helpers come in between tasks. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

describe("ScanPool", () => {
  it("helps: tasks are done once each, in whatever thread, and the memory is given back", async () => {
    const { tasks, arena } = tasksOf(30);
    const { used } = arena;
    const pool = poolOf(built);
    for (let round = 0; round < 5; round++)
      expect(sorted(await totals(tasks, { pool, pause }))).toEqual(sorted(expected(tasks)));
    expect(pool.size).toBe(2);
    await expect.poll(() => arena.used, patient).toBe(used);
  });

  it("other threads really take tasks", async () => {
    const { tasks } = tasksOf(6);
    const job = new ScanJob(tasks, query);
    const invited = poolOf(built).invite(job, 1);
    await invited.next();
    expect([job.isDone, job.claim(), invited.owing]).toEqual([true, undefined, 0]);
    for (let task = 0; task < job.shared; task++)
      expect([...job.sums(task)]).toEqual(expected(tasks).get(job.tasks[task]!.block));
    job.release();
  });

  it("scans beyond 2 GiB, where addresses are no positive 32-bit integers", async () => {
    const arena = new CodeArena();
    const reserved = arena.allocate(2 ** 31); // nobody touches it, so it takes no memory
    const { tasks } = tasksOf(6, arena);
    expect(tasks[0]!.rows.blocks[0]!.at).toBeGreaterThanOrEqual(reserved.bytes);
    const found = await totals(tasks, { pool: poolOf(built), pause });
    expect(sorted(found)).toEqual(sorted(expected(tasks)));
  });

  it.each(["dying-scan-worker.mjs", "throwing-scan-worker.mjs"])(
    "does itself what a thread left undone (%s)",
    async (name) => {
      const { tasks } = tasksOf(30);
      const pool = poolOf(fixture(name));
      expect(sorted(await totals(tasks, { pool, pause }))).toEqual(sorted(expected(tasks)));
      await expect.poll(() => pool.size, patient).toBe(0);
    },
  );

  it.each([
    ["no module", "file:///no-such-worker.js"],
    ["refused at once", "https://example.com/worker.js"],
  ])("stops asking for threads that cannot be started (%s)", async (_, entry) => {
    const { tasks } = tasksOf(12);
    const pool = poolOf(new URL(entry));
    expect(sorted(await totals(tasks, { pool }))).toEqual(sorted(expected(tasks)));
    await expect.poll(() => pool.size, patient).toBe(0);
    expect(sorted(await totals(tasks, { pool }))).toEqual(sorted(expected(tasks)));
    expect(pool.size).toBe(0);
  });

  it("an aborted scan ends with the signal's reason, and its memory is given back when its helpers are done", async () => {
    const { tasks, arena } = tasksOf(30);
    const { used } = arena;
    const pool = poolOf(built);
    const controller = new AbortController();
    let weighed = 0;
    const scan = totals(tasks, {
      pool,
      pause: () => {
        controller.signal.throwIfAborted();
        return pause();
      },
      weigh: () => {
        if (++weighed === 3) controller.abort(new Error("enough"));
      },
    });
    await expect(scan).rejects.toThrow("enough");
    expect(weighed).toBe(3);
    await expect.poll(() => arena.used, patient).toBe(used);
  });

  it("an abort frees who waits for a helper that does not answer", async () => {
    const { tasks } = tasksOf(30);
    const pool = poolOf(fixture("stuck-scan-worker.mjs"));
    await pool.invite(new ScanJob(tasks, query), 1).next();
    const controller = new AbortController();
    const slowly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
    const scan = totals(tasks, { pool, pause: slowly, signal: controller.signal, helpers: 1 });
    const timer = setTimeout(() => controller.abort(new Error("gone")), 1500);
    await expect(scan).rejects.toThrow("gone");
    clearTimeout(timer);
  });

  it("ends its threads with the last lease, and starts others when it is asked again", async () => {
    const { tasks } = tasksOf(12);
    const pool = new ScanPool({ entry: built });
    const [one, two] = [pool.lease(), pool.lease()];
    await totals(tasks, { pool, pause });
    await one.end();
    await one.end();
    expect(pool.size).toBe(2);
    await two.end();
    expect(pool.size).toBe(0);
    ends.push(pool.lease().end);
    expect(sorted(await totals(tasks, { pool, pause }))).toEqual(sorted(expected(tasks)));
    expect(pool.size).toBe(2);
  });

  it("what is ended in the middle of a scan leaves the rest to the caller", async () => {
    const { tasks } = tasksOf(30);
    const pool = new ScanPool({ entry: built });
    const lease = pool.lease();
    let tick = 0;
    const scan = totals(tasks, { pool, pause: () => (++tick === 2 ? lease.end() : pause()) });
    expect(sorted(await scan)).toEqual(sorted(expected(tasks)));
  });
});
