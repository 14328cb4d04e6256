import { Worker } from "node:worker_threads";
import type { ScanJob } from "./scan-job.js";
import { scanModule } from "./scan-kernel.js";
import type { ScanRequest, ScanStart } from "./scan-messages.js";

/** Threads that were asked to help with a job. */
export interface Invitation {
  /** How many have not said yet that they found nothing more to do. */
  readonly owing: number;
  /** Settles when the next one says so, or ends. */
  next(): Promise<void>;
  /** Runs when none of them works on the job any more. */
  whenSettled(work: () => void): void;
}

/** Options of {@link ScanPool}. */
export interface ScanPoolOptions {
  /** Module that runs in the threads. @default the worker beside this file */
  readonly entry?: URL | undefined;
}

interface Helper {
  readonly worker: Worker;
  /** Spaces that it was told. */
  readonly spaces: Set<number>;
  /** Jobs that it has not answered, by number. */
  readonly owed: Map<number, () => void>;
  hasAnswered: boolean;
}

/**
 * Threads that scan codes, started when a job first wants them. They hold the process open only while they are at work,
 * and end with the last {@link lease}. A job never depends on them: what one that died left undone, the caller does.
 */
export class ScanPool {
  readonly #entry: URL | undefined;
  readonly #helpers = new Set<Helper>();
  #leases = 0;
  #jobs = 0;
  #useless = false;

  constructor({ entry }: ScanPoolOptions = {}) {
    this.#entry = entry;
  }

  /** Threads that are there. */
  get size(): number {
    return this.#helpers.size;
  }

  /** Keeps the threads until it is ended. */
  lease(): { readonly end: () => Promise<void> } {
    this.#leases++;
    let ending: Promise<void> | undefined;
    const end = async (): Promise<void> => {
      this.#leases--;
      if (this.#leases > 0) return;
      const gone = [...this.#helpers];
      this.#helpers.clear();
      await Promise.all(gone.map(({ worker }) => worker.terminate()));
    };
    return {
      end: () => {
        ending ??= end();
        return ending;
      },
    };
  }

  /** Asks up to `most` threads to help with a job. */
  invite(job: ScanJob, most: number): Invitation {
    while (this.#helpers.size < most && this.#start()) {
      // one more
    }
    const guests = [...this.#helpers].sort((a, b) => a.owed.size - b.owed.size).slice(0, most);
    const number = this.#jobs++;
    let owing = guests.length;
    let waiting: (() => void)[] = [];
    let settled: (() => void) | undefined;
    const answered = (): void => {
      owing--;
      for (const resolve of waiting) resolve();
      waiting = [];
      if (owing === 0) settled?.();
    };
    for (const guest of guests) {
      for (const { number: space, wasm } of job.spaces) {
        if (wasm === undefined || guest.spaces.has(space)) continue;
        guest.spaces.add(space);
        tell(guest, { kind: "space", number: space, memory: wasm.memory });
      }
      if (guest.owed.size === 0) guest.worker.ref();
      guest.owed.set(number, answered);
      tell(guest, { kind: "job", job: number, control: job.control });
    }
    return {
      get owing() {
        return owing;
      },
      next: () => (owing === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
      whenSettled: (work) => {
        if (owing === 0) work();
        else settled = work;
      },
    };
  }

  /** Starts a thread, unless they cannot be had here. */
  #start(): boolean {
    const module = scanModule();
    if (this.#useless || module === undefined) return false;
    const workerData: ScanStart = { module };
    let worker: Worker;
    try {
      const entry = this.#entry ?? new URL("./scan-worker.js", import.meta.url);
      // flags and secrets of the process are none of its business
      worker = new Worker(entry, { workerData, execArgv: [], env: {}, name: "clew-scan" });
    } catch {
      this.#useless = true; // threads are forbidden here, or the module was bundled away
      return false;
    }
    worker.unref();
    const helper: Helper = { worker, spaces: new Set(), owed: new Map(), hasAnswered: false };
    this.#helpers.add(helper);
    worker.on("message", (job: number) => {
      helper.hasAnswered = true;
      const answered = helper.owed.get(job);
      helper.owed.delete(job);
      if (helper.owed.size === 0) worker.unref();
      answered?.();
    });
    worker.on("error", () => undefined); // its exit is told below, and the caller does its work
    worker.on("exit", () => {
      // one that was ended has left the set; one that died before it did anything will do so again
      if (this.#helpers.delete(helper) && !helper.hasAnswered) this.#useless = true;
      const owed = [...helper.owed.values()];
      helper.owed.clear();
      for (const answered of owed) answered();
    });
    return true;
  }
}

const tell = ({ worker }: Helper, request: ScanRequest): void => worker.postMessage(request);

/** The one of this thread: all indexes share it. */
export const scanPool = new ScanPool();
