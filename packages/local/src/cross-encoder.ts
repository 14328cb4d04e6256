import {
  type Hit,
  type Note,
  nonNegative,
  note,
  noUsage,
  positiveInteger,
  type Reranked,
  type Reranker,
  type RerankOptions,
  startDeadline,
  systemRuntime,
} from "@clew/core";
import { defaultThreads } from "./default-threads.js";
import { joinSignals } from "./join-signals.js";
import { locateModel } from "./locate-model.js";
import type { ModelLocation } from "./model-location.js";
import { passageText } from "./passage-text.js";
import { readModelLimits } from "./read-model-limits.js";
import { modelWorker } from "./worker/model-worker.js";

/** Options of {@link crossEncoder}. */
export type CrossEncoderOptions = ModelLocation & {
  /** Tokens after which a pair is cut, the longer text first. @default what the model's files say */
  maxTokens?: number | undefined;
  /** Pairs scored between two looks at the clock and the signal. @default 2 */
  pairsAtOnce?: number | undefined;
  /** Threads of one inference. @default the processors there are, 4 at most */
  threads?: number | undefined;
};

/**
 * Opens a cross-encoder (a sequence classifier over query and passage) as a reranker: from a folder, from the cache, or
 * from a hub into the cache. Scores are the model's logit as it stands, so any real number; a passage is read as its
 * title, its headings and its text, and cut where the pair is longer than the model reads, with a note. Passages are
 * scored one by one, in the order given: a batch is no faster on a processor, and its scores depend on who is in it.
 * When the deadline passes the rest has no score, and a note `deadline-passed` says so. Loading the model, at the first
 * call, counts against the deadline.
 *
 * @throws ClewError `invalid-option`, `not-found`, `service-refused`, `storage-failed`; its calls `reranker-failed`, `closed`
 * @see Nogueira and Cho, "Passage Re-ranking with BERT", 2019
 */
export async function crossEncoder(options: CrossEncoderOptions): Promise<Reranker> {
  const { pairsAtOnce = 2, threads = defaultThreads() } = options;
  positiveInteger("pairsAtOnce", pairsAtOnce);
  positiveInteger("threads", threads);
  const { folder, dtype, model } = await locateModel(options, "reranker-failed");
  const { maxTokens } = await readModelLimits(folder, { maxTokens: options.maxTokens, failure: "reranker-failed" });
  const id = `cross-encoder:${model.slice(model.lastIndexOf("/") + 1)}`;
  const worker = modelWorker({
    spec: { folder, dtype, task: "score", pooling: "model", dimensions: 1, maxTokens, threads },
    name: id,
    code: "reranker-failed",
  });

  const rerank = async (
    query: string,
    hits: readonly Hit[],
    { signal, deadlineMs, call }: RerankOptions = {},
  ): Promise<Reranked> => {
    if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
    const stop = joinSignals(signal, call?.signal);
    stop?.throwIfAborted();
    const deadline = startDeadline({ ms: deadlineMs, signal: stop, runtime: call?.runtime ?? systemRuntime });
    const scores: (number | undefined)[] = hits.map(() => undefined);
    let done = 0;
    let cut = 0;
    try {
      while (done < hits.length && !deadline.passed()) {
        const texts = hits.slice(done, done + pairsAtOnce).map(({ passage }) => passageText(passage));
        const work = await worker.run({ texts, query }, { signal: deadline.signal, urgent: true });
        for (const score of work.values) scores[done++] = score;
        cut += work.cut.filter(Boolean).length;
      }
    } catch (cause) {
      // only the deadline's own abort ends the work without an error
      if (stop?.aborted || cause !== deadline.signal.reason || cause === undefined) throw cause;
    } finally {
      deadline.clear();
    }
    const notes: Note[] = [];
    if (done < hits.length) {
      const message = `${id} scored ${done} of ${hits.length} passages within ${deadlineMs} ms.`;
      notes.push(note("deadline-passed", message, { scored: done, hits: hits.length, deadlineMs: deadlineMs ?? 0 }));
    }
    if (cut > 0) {
      const message = `${cut} of ${done} passages are, with the query, longer than the ${maxTokens} tokens that ${id} reads; their ends were left out.`;
      notes.push(note("cut", message, { texts: cut, maxTokens }));
    }
    return { scores, notes, usage: noUsage };
  };

  return { id, scale: "log-odds", rerank, close: () => worker.close() };
}
