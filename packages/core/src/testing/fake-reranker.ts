import { nonNegative } from "../errors/check-number.js";
import { ClewError } from "../errors/clew-error.js";
import { type Note, note } from "../run/note.js";
import { noUsage } from "../run/usage.js";
import type { Reranked, Reranker } from "../search/reranker.js";
import { sleep } from "../search/sleep.js";

/** A way in which a reranker goes wrong. */
export type RerankerFault =
  /** Takes this many milliseconds a hit; with a deadline it scores as many as fit. */
  | { readonly kind: "slow"; readonly msPerHit: number }
  /** Scores only the first of them. */
  | { readonly kind: "partial"; readonly reached: number }
  /** Gives the first hit NaN. */
  | { readonly kind: "nan" }
  /** Returns one score more than there are hits. */
  | { readonly kind: "too-many" }
  /** Returns one score fewer. */
  | { readonly kind: "too-few" }
  | { readonly kind: "throws"; readonly error?: Error | undefined };

/** Options of {@link fakeReranker}. */
export interface FakeRerankerOptions {
  /** @default "fake" */
  id?: string | undefined;
  /** @default none: it works */
  fault?: RerankerFault | undefined;
}

/**
 * A reranker for tests: the score is the share of the query's distinct words that the title or text of a hit holds.
 * Broken with a fault, it shows what a stage above makes of it.
 */
export function fakeReranker({ id = "fake", fault }: FakeRerankerOptions = {}): Reranker {
  return {
    id,
    scale: "probability",
    rerank: async (query, hits, { signal, deadlineMs, call } = {}): Promise<Reranked> => {
      const stop = signal ?? call?.signal;
      stop?.throwIfAborted();
      if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
      if (fault?.kind === "throws") {
        throw fault.error ?? new ClewError("reranker-failed", "The reranker failed, as the test told it to.");
      }
      const notes: Note[] = [];
      const msPerHit = fault?.kind === "slow" ? fault.msPerHit : 0;
      const able = fault?.kind === "partial" ? Math.min(fault.reached, hits.length) : hits.length;
      const inTime = deadlineMs === 0 ? 0 : deadlineMs === undefined ? able : Math.floor(deadlineMs / msPerHit);
      const reached = Math.min(able, inTime);
      if (reached < hits.length) {
        const code = reached < able ? "deadline-passed" : "reranked-partly";
        notes.push(note(code, `${reached} of ${hits.length} hits were scored.`, { reached, hits: hits.length }));
      }
      if (msPerHit > 0) await sleep(reached * msPerHit, stop);
      const wanted = wordsOf(query);
      const scores = hits.map(({ passage }, index) =>
        index < reached ? overlap(wanted, wordsOf(`${passage.title} ${passage.text}`)) : undefined,
      );
      if (fault?.kind === "nan" && hits.length > 0) scores[0] = Number.NaN;
      if (fault?.kind === "too-many") scores.push(1);
      if (fault?.kind === "too-few") scores.pop();
      return { scores, notes, usage: noUsage };
    },
  };
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

const overlap = (wanted: ReadonlySet<string>, words: ReadonlySet<string>): number =>
  wanted.size === 0 ? 0 : [...wanted].filter((word) => words.has(word)).length / wanted.size;
