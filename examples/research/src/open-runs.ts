import { randomUUID } from "node:crypto";

/** A run that is being watched. */
export interface Run {
  readonly id: string;
  /** Aborted when somebody stops it; its reason is an Error whose message says who. */
  readonly signal: AbortSignal;
  /** Stops it; the first reason counts. */
  stop(reason: string): void;
  /** It is over. */
  end(): void;
}

/** The runs that the server has open. */
export interface OpenRuns {
  readonly size: number;
  /** Begins a run; undefined where as many are open as may be. */
  begin(): Run | undefined;
  /** Stops a run; false where there is none of this id. */
  stop(id: string, reason: string): boolean;
  /** Stops all, and waits until each has ended. */
  stopAll(reason: string): Promise<void>;
}

/** Keeps track of runs, so that each can be stopped by its id, and all of them when the server stops. */
export function openRuns({ most }: { most: number }): OpenRuns {
  const open = new Map<string, { stop(reason: string): void; ended: Promise<void> }>();
  let closed = false;
  return {
    get size() {
      return open.size;
    },
    begin: () => {
      if (closed || open.size >= most) return undefined;
      const id = randomUUID();
      const stopping = new AbortController();
      const stop = (reason: string): void => stopping.abort(new Error(reason));
      let ends: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        ends = resolve;
      });
      open.set(id, { stop, ended });
      const end = (): void => {
        open.delete(id);
        ends();
      };
      return { id, signal: stopping.signal, stop, end };
    },
    stop: (id, reason) => {
      open.get(id)?.stop(reason);
      return open.has(id);
    },
    stopAll: async (reason) => {
      closed = true;
      const runs = [...open.values()];
      for (const { stop } of runs) stop(reason);
      await Promise.all(runs.map(({ ended }) => ended));
    },
  };
}
