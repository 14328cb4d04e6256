import { Worker } from "node:worker_threads";
import { ClewError, type ClewErrorCode } from "@clew/core";
import { type Gate, guardExit, openGate, setAbandoned, shutGate, unguardExit } from "./gate.js";
import type { ModelSpec, WorkerReply, WorkerRequest, WorkerStart } from "./messages.js";

/** A request with what the caller wants of its handling. */
export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Goes before everything that is not urgent: somebody waits for it. */
  readonly urgent: boolean;
}

/** What a request gave. */
export type Work = Extract<WorkerReply, { kind: "done" }>;

/** One model in one worker thread, with a queue before it. */
export interface ModelWorker {
  /**
   * @throws the signal's reason as soon as it is aborted; a request that waits is dropped, one that runs ends
   *   after the text it is at
   * @throws ClewError of the code given when the model cannot be loaded, fails, or its thread dies; `closed` after close
   */
  run(request: WorkerRequest, options: WorkOptions): Promise<Work>;
  /** Ends the thread; what still waits fails with `closed`. */
  close(): Promise<void>;
}

/** Options of {@link modelWorker}. */
export interface ModelWorkerOptions {
  readonly spec: ModelSpec;
  /** Name of the model in errors. */
  readonly name: string;
  /** Code of the errors thrown. */
  readonly code: Extract<ClewErrorCode, "embedder-failed" | "reranker-failed">;
  /** Module that runs in the thread. @default the inference worker beside this file */
  readonly entry?: URL | undefined;
}

interface Job {
  readonly request: WorkerRequest;
  readonly urgent: boolean;
  readonly resolve: (work: Work) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Keeps a model in a worker thread. The thread starts with the first request, holds the process open only while
 * requests are under way, and is started anew by the next request after it died.
 */
export function modelWorker({
  spec,
  name,
  code,
  entry = new URL("./inference-worker.js", import.meta.url),
}: ModelWorkerOptions): ModelWorker {
  const waiting: Job[] = [];
  let running: Job | undefined;
  let worker: Worker | undefined;
  let gate: Gate | undefined;
  let closing: Promise<void> | undefined;

  const failed = (message: string, cause?: unknown): ClewError =>
    new ClewError(code, `${name}: ${message}`, cause === undefined ? undefined : { cause });

  /** The thread is gone, or of no more use. */
  const drop = (gone: Worker, error: ClewError): void => {
    if (worker !== gone) return;
    worker = undefined;
    const jobs = running === undefined ? waiting.splice(0) : [running, ...waiting.splice(0)];
    running = undefined;
    for (const job of jobs) job.reject(error);
  };

  const start = (): Worker => {
    // execArgv of the process (a loader, --eval) is none of this thread's business
    const opened = openGate();
    const workerData: WorkerStart = { spec, gate: opened };
    const started = new Worker(entry, { workerData, execArgv: [], name: "clew-model" });
    gate = opened;
    guardExit(opened);
    started.on("message", (reply: WorkerReply) => {
      if (worker !== started) return;
      if (reply.kind === "not-loaded") {
        const folder = `Check or replace the files in ${spec.folder}.`;
        drop(started, failed(`the model could not be loaded. ${folder} (${reply.message})`, new Error(reply.message)));
        void started.terminate();
        return;
      }
      const job = running;
      running = undefined;
      next();
      if (reply.kind === "done") job?.resolve(reply);
      else job?.reject(failed(`inference failed: ${reply.message}`, new Error(reply.message)));
    });
    started.on("error", (cause) => drop(started, failed("its worker thread broke. Call again to restart it.", cause)));
    started.on("exit", (exit) => {
      unguardExit(opened);
      drop(started, failed(`its worker thread ended with code ${exit}. Call again to restart it.`));
    });
    return started;
  };

  const next = (): void => {
    if (running !== undefined) return;
    const urgent = waiting.findIndex((job) => job.urgent);
    running = waiting.splice(Math.max(0, urgent), 1)[0];
    if (running === undefined) {
      worker?.unref();
      return;
    }
    worker ??= start();
    worker.ref();
    if (gate !== undefined) setAbandoned(gate, false);
    worker.postMessage(running.request);
  };

  return {
    run: (request, { signal, urgent }) =>
      new Promise<Work>((resolve, reject) => {
        signal?.throwIfAborted();
        if (closing !== undefined) throw new ClewError("closed", `${name} was closed. Make a new one.`);
        const abort = (): void => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          else if (job === running && gate !== undefined) setAbandoned(gate, true);
          job.reject(signal?.reason);
        };
        const settled = (): void => signal?.removeEventListener("abort", abort);
        const job: Job = {
          request,
          urgent,
          resolve: (work) => {
            settled();
            resolve(work);
          },
          reject: (reason) => {
            settled();
            reject(reason);
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        waiting.push(job);
        next();
      }),
    close: () => {
      closing ??= (async () => {
        const open = worker;
        if (open === undefined || gate === undefined) return;
        shutGate(gate);
        const busy = running !== undefined;
        drop(open, new ClewError("closed", `${name} was closed before this call was done.`));
        // what is inside the gate answers before the thread may be ended
        if (busy) await answerOrExit(open);
        await open.terminate();
      })();
      return closing;
    },
  };
}

const answerOrExit = (worker: Worker): Promise<void> =>
  new Promise((resolve) => {
    worker.once("message", () => resolve());
    worker.once("exit", () => resolve());
  });
