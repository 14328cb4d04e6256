import { Worker } from "node:worker_threads";
import { loadOptional, raceSignal } from "@clew/core";

/** Options of {@link workerCall}. */
export interface WorkerCallOptions<Part> {
  /** A script in the package's `workers` folder. */
  readonly script: "pdf.js" | "office.js";
  /** Sent to the thread, copied. */
  readonly request: object;
  /** Takes the parts of the result as they come. */
  readonly onPart?: ((part: Part) => void) | undefined;
  /** Reader that needs the thread's library, for the message when it is not installed. */
  readonly neededBy: string;
  readonly signal?: AbortSignal | undefined;
}

/** What a thread said when it could not do its work. */
export class WorkerFailure extends Error {
  /** @param kind name of the error in the thread, such as `PasswordException` */
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

type Reply<Part, Done> =
  | { readonly part: Part }
  | { readonly done: Done }
  | { readonly failed: { readonly name: string; readonly message: string } }
  | { readonly missing: string; readonly message: string };

const heapMegabytes = 2048;
const threads = new Map<string, Worker>();
const queues = new Map<string, Promise<unknown>>();

/**
 * Lets a thread of the package do work that would hold up the event loop: one thread for each script, started on first
 * use, one request at a time, keeping no process alive. An abort ends the thread at once; the next request gets a new one.
 *
 * @throws WorkerFailure when the work fails, or takes more than 2 GiB of heap
 * @throws ClewError `missing-package` when the library that the thread needs is not installed
 */
export async function workerCall<Part, Done>(options: WorkerCallOptions<Part>): Promise<Done> {
  const { script, signal } = options;
  const turn = (queues.get(script) ?? Promise.resolve()).then(() => {
    signal?.throwIfAborted();
    return ask<Part, Done>(options);
  });
  // a failure is its caller's business; the next request only waits for its end
  queues.set(
    script,
    turn.then(
      () => undefined,
      () => undefined,
    ),
  );
  // who waits for a turn can leave as well
  return raceSignal(turn, signal);
}

function ask<Part, Done>({ script, request, onPart, neededBy, signal }: WorkerCallOptions<Part>): Promise<Done> {
  const worker = started(script);
  worker.ref();
  return new Promise<Done>((resolve, reject) => {
    const leave = (): void => {
      worker.unref();
      worker.removeAllListeners();
      // what happens to an idle thread harms nobody: the next request starts another
      worker.on("error", () => drop(script, worker));
      worker.on("exit", () => drop(script, worker));
      signal?.removeEventListener("abort", abort);
    };
    const end = (error: unknown): void => {
      leave();
      drop(script, worker);
      void worker.terminate();
      reject(error);
    };
    const abort = (): void => end(signal?.reason);
    worker.removeAllListeners();
    worker.on("error", (error) => end(new WorkerFailure(error.name, error.message)));
    worker.on("exit", () => end(new WorkerFailure("Error", "the thread that read it ended")));
    worker.on("message", (reply: Reply<Part, Done>) => {
      try {
        if ("part" in reply) {
          onPart?.(reply.part);
          // other work comes first; an ended thread takes no message, which is fine
          setImmediate(() => worker.postMessage({ taken: true }));
          return;
        }
      } catch (error) {
        return end(error);
      }
      leave();
      if ("done" in reply) resolve(reply.done);
      else if ("failed" in reply) reject(new WorkerFailure(reply.failed.name, reply.failed.message));
      else {
        const load = (): Promise<never> => Promise.reject(new Error(reply.message));
        loadOptional({ name: reply.missing, neededBy, load }).catch(reject);
      }
    });
    signal?.addEventListener("abort", abort, { once: true });
    worker.postMessage(request);
  });
}

function drop(script: string, worker: Worker): void {
  if (threads.get(script) === worker) threads.delete(script);
}

function started(script: string): Worker {
  const running = threads.get(script);
  if (running !== undefined) return running;
  const worker = new Worker(new URL(`../workers/${script}`, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    stderr: true, // what a document makes a library print is nobody's business
    stdout: true,
  });
  threads.set(script, worker);
  return worker;
}
