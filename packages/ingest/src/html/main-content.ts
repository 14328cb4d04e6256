import { Worker } from "node:worker_threads";
import { loadOptional } from "@clew/core";

/** The part of a page that people come for. */
export interface MainContent {
  readonly html: string;
  readonly title: string;
  readonly byline: string;
  readonly site: string;
  /** As the page writes it. */
  readonly published: string;
}

/** What looking for the main content gave. */
export type MainContentResult =
  | { readonly code: "found"; readonly content: MainContent }
  | { readonly code: "none" }
  | { readonly code: "failed"; readonly because: string };

/** Options of {@link findMainContent}. */
export interface FindMainContentOptions {
  /** Milliseconds after which the search is given up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

type Reply =
  | { readonly id: number; readonly article: MainContent | null }
  | { readonly id: number; readonly failed: string }
  | { readonly id: number; readonly missing: string; readonly message: string };

const heapMegabytes = 512;

/** A reply, or what happened to the thread: `again` when it was stopped on account of another page. */
type Outcome = Reply | { readonly failed: string } | { readonly again: true };

interface Thread {
  readonly worker: Worker;
  readonly open: Map<number, (outcome: Outcome) => void>;
}

/** One thread for all readers of the process, started on first use; it keeps no process alive. */
let thread: Thread | undefined;
let nextId = 1;

/**
 * Finds the main content of a page in a thread of its own, so that a large page does not stop the event loop and a
 * hostile one takes no more than its time and memory.
 *
 * @throws ClewError `missing-package` without linkedom and \@mozilla/readability
 */
export async function findMainContent(html: string, options: FindMainContentOptions): Promise<MainContentResult> {
  let reply = await ask(html, options);
  while ("again" in reply) reply = await ask(html, options);
  if ("missing" in reply) {
    await loadOptional({
      name: reply.missing,
      neededBy: "htmlReader",
      load: () => Promise.reject(new Error(reply.message)),
    });
  }
  if ("failed" in reply) return { code: "failed", because: reply.failed };
  return "article" in reply && reply.article !== null ? { code: "found", content: reply.article } : { code: "none" };
}

function ask(html: string, { timeoutMs, signal }: FindMainContentOptions): Promise<Outcome> {
  signal?.throwIfAborted();
  const { worker, open } = started();
  const id = nextId++;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      open.delete(id);
      if (open.size === 0) worker.unref();
    };
    const stop = (): void => {
      leave();
      // a busy thread cannot be asked to stop; pages that wait behind this one are handed to a new thread
      if (thread?.worker === worker) thread = undefined;
      void worker.terminate();
      for (const other of [...open.values()]) other({ again: true });
    };
    const abort = (): void => {
      stop();
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      stop();
      resolve({ failed: `finding its main content took more than ${timeoutMs} ms` });
    }, timeoutMs);
    open.set(id, (reply) => {
      leave();
      resolve(reply);
    });
    signal?.addEventListener("abort", abort, { once: true });
    worker.ref();
    worker.postMessage({ id, html });
  });
}

function started(): Thread {
  if (thread !== undefined) return thread;
  const worker = new Worker(new URL("../../workers/main-content.js", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    stderr: true, // what a page makes the parser print is nobody's business
    stdout: true,
  });
  const open: Thread["open"] = new Map();
  const own: Thread = { worker, open };
  const ended = (because: string): void => {
    if (thread === own) thread = undefined;
    for (const settle of [...open.values()]) settle({ failed: because });
  };
  worker.on("message", (reply: Reply) => open.get(reply.id)?.(reply));
  worker.on("error", (error) => ended(error.message));
  worker.on("exit", () => ended("the thread that read it ended"));
  worker.unref();
  thread = own;
  return own;
}
