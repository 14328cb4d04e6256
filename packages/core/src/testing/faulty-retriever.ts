import { ClewError } from "../errors/clew-error.js";
import { filterRecord, matchesFilter } from "../filter/matches-filter.js";
import { note } from "../run/note.js";
import { noUsage } from "../run/usage.js";
import type { Scope } from "../scope/scope.js";
import { defineRetriever } from "../search/define-retriever.js";
import { compareHits, type Hit } from "../search/hit.js";
import type { Retriever } from "../search/retriever.js";
import { sleep } from "../search/sleep.js";

/** A way in which a retriever goes wrong. */
export type RetrieverFault =
  | { readonly kind: "throws"; readonly error?: Error | undefined }
  /** Throws the first few times, then works. */
  | { readonly kind: "flaky"; readonly failures: number }
  /** Takes this many milliseconds a search, and stops when the signal says so. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Takes this many milliseconds and never looks at the signal. */
  | { readonly kind: "deaf"; readonly ms: number }
  /** Returns its best hit twice. */
  | { readonly kind: "duplicates" }
  /** Gives its best hit the score NaN. */
  | { readonly kind: "nan" }
  /** Works, with a note that says it was degraded. */
  | { readonly kind: "degraded" };

/** Options of {@link faultyRetriever}. */
export interface FaultyRetrieverOptions {
  /** What goes wrong. @default nothing: it is a retriever over a fixed list */
  fault?: RetrieverFault | undefined;
  /** What it finds, whatever the query, in the order of their scores. @default none */
  hits?: readonly Hit[] | undefined;
  /** @default none */
  scope?: Scope | undefined;
}

/** A retriever for tests of what stands on one: a fixed list of hits (the filter is honoured) and one fault. */
export function faultyRetriever({ fault, hits = [], scope }: FaultyRetrieverOptions = {}): Retriever {
  let failures = fault?.kind === "flaky" ? fault.failures : fault?.kind === "throws" ? Number.POSITIVE_INFINITY : 0;
  return defineRetriever(
    "faulty",
    async (_query, { k, filter, signal }) => {
      if (failures-- > 0) {
        const told = fault?.kind === "throws" ? fault.error : undefined;
        throw told ?? new ClewError("retriever-failed", "The retriever failed, as the test told it to.");
      }
      if (fault?.kind === "slow") await sleep(fault.ms, signal);
      if (fault?.kind === "deaf") await sleep(fault.ms);
      const found = hits
        .filter(({ passage }) => filter === undefined || matchesFilter(filter, filterRecord(passage)))
        .sort(compareHits)
        .slice(0, k);
      const [best] = found;
      if (best !== undefined && fault?.kind === "duplicates") found.splice(1, found.length, best);
      if (best !== undefined && fault?.kind === "nan") found[0] = { ...best, score: Number.NaN };
      const notes = fault?.kind === "degraded" ? [note("leg-failed", "A leg failed, as the test told it to.")] : [];
      return { hits: found, notes, usage: noUsage, generation: -1 };
    },
    { scope },
  );
}
