import type { SyncProgress } from "@clew/core";
import { Presets, SingleBar } from "cli-progress";

/** Options of {@link showProgress}. */
export interface ShowProgressOptions {
  /** Where it is drawn. @default the standard error stream */
  stream?: NodeJS.WriteStream | undefined;
  /** Milliseconds between lines where the stream is no terminal. @default 2000 */
  every?: number | undefined;
  /** Milliseconds since 1970. @default the clock */
  now?: (() => number) | undefined;
}

/** Shows how far a sync is, and can be stopped. */
export interface ShownProgress {
  update(progress: SyncProgress): void;
  /** Takes the bar away. */
  stop(): void;
}

/** A progress bar on a terminal; elsewhere a plain line now and then. Draws nothing until a passage needs embedding. */
export function showProgress({
  stream = process.stderr,
  every = 2000,
  now = Date.now,
}: ShowProgressOptions = {}): ShownProgress {
  if (!stream.isTTY) {
    let last = now();
    return {
      update: ({ phase, embedded, pending, sourcesDone, sourcesSeen }) => {
        if (phase === "done" || embedded + pending === 0 || now() - last < every) return;
        last = now();
        stream.write(
          `Indexing: ${embedded} of ${embedded + pending} passages, ${sourcesDone} of ${sourcesSeen} sources\n`,
        );
      },
      stop: () => undefined,
    };
  }
  let bar: SingleBar | undefined;
  return {
    update: ({ phase, embedded, pending, sourcesDone, sourcesSeen }) => {
      const total = embedded + pending;
      if (phase === "done" || total === 0) return;
      const counts = { sources: `${sourcesDone}/${sourcesSeen}` };
      if (bar === undefined) {
        bar = new SingleBar(
          {
            stream,
            format:
              "Indexing {bar} {percentage}% | {value}/{total} passages | {sources} sources | {eta_formatted} left",
            hideCursor: true,
            clearOnComplete: true,
          },
          Presets.shades_classic,
        );
        bar.start(total, embedded, counts);
      }
      bar.setTotal(total);
      bar.update(embedded, counts);
    },
    stop: () => bar?.stop(),
  };
}
