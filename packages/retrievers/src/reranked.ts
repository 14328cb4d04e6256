import {
  addUsage,
  ClewError,
  checkKeys,
  defineRetriever,
  type Hit,
  invalidOption,
  isNonNegative,
  nonNegative,
  note,
  positiveInteger,
  type Reranked,
  type Reranker,
  type Retriever,
  spanned,
  systemRuntime,
} from "@clew/core";
import type { Blend } from "./reranking/blend/blend.js";
import { blendScores } from "./reranking/blend/blend-scores.js";
import { calibratedBlend } from "./reranking/blend/calibrated-blend.js";

/** Options of {@link reranked}. */
export interface RerankedOptions {
  reranker: Reranker;
  /** Hits of the first stage that are scored anew. @default 30 */
  depth?: number | undefined;
  /** Milliseconds for the reranker; what it scored in time is used. @default what the search's own deadline leaves */
  deadlineMs?: number | undefined;
  /**
   * How its scores are mixed with the first stage's; a number is the share of {@link calibratedBlend}: 0 keeps the first
   * stage's order, 1 takes the reranker alone. @default 0.5, or 1 for a reranker whose scores are `complete`
   */
  blend?: number | Blend | undefined;
  /** Keep the first stage's order, with a note, when the reranker fails. @default false: the search fails */
  degrade?: boolean | undefined;
  /** Hits when a search names no `k`. @default the first stage's */
  k?: number | undefined;
}

/**
 * Scores the best hits of another retriever anew. What the reranker reached comes first, in its order; the rest keeps
 * the order it had, and a note says so.
 *
 * @throws ClewError `invalid-option`; on search `reranker-failed`
 */
export function reranked(retriever: Retriever, settings: RerankedOptions): Retriever {
  checkKeys("reranked", settings, [
    "reranker",
    "depth",
    "deadlineMs",
    "blend",
    "degrade",
    "k",
  ] satisfies (keyof RerankedOptions)[]);
  const { reranker, depth = 30, deadlineMs, degrade = false, k } = settings;
  positiveInteger("depth", depth);
  if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
  const { blend: given = reranker.scale === "complete" ? 1 : 0.5 } = settings;
  const blend = typeof given === "number" ? blendOf(given) : given;
  return defineRetriever(
    "reranked",
    async (query, options) => {
      const { now } = options.call?.runtime ?? systemRuntime;
      const started = now();
      const first = await retriever.search(query, { ...options, k: Math.max(depth, options.k) });
      const head = first.hits.slice(0, depth);
      const left = options.deadlineMs === undefined ? undefined : Math.max(0, options.deadlineMs - (now() - started));
      const deadline = left === undefined ? deadlineMs : Math.min(left, deadlineMs ?? left);
      let outcome: Reranked;
      try {
        const start = () => ({
          name: `rerank ${reranker.id}`,
          attributes: {
            "gen_ai.operation.name": "rerank",
            "gen_ai.request.model": reranker.id,
            "clew.hits": head.length,
          },
        });
        outcome = await spanned(options.call, start, async (span) => {
          const found = await reranker.rerank(query, head, {
            signal: options.signal,
            deadlineMs: deadline,
            call: options.call === undefined ? undefined : { ...options.call, spans: span.spans },
          });
          checkScores(found, head, reranker.id);
          return found;
        });
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!degrade) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        const failed = note("rerank-failed", `${reranker.id} failed; the order before it stands: ${reason}`, {
          reason,
        });
        return { ...first, hits: first.hits.slice(0, options.k), notes: [...first.notes, failed] };
      }
      const reached = outcome.scores.filter((score) => score !== undefined).length;
      const partly =
        reached < head.length
          ? [
              note(
                "reranked-partly",
                `${reranker.id} scored ${reached} of ${head.length} hits in time; the rest keeps its order below them.`,
                { reached, of: head.length },
              ),
            ]
          : [];
      return {
        hits: blendScores({ hits: first.hits, scores: outcome.scores, reranker, blend }).slice(0, options.k),
        notes: [...first.notes, ...outcome.notes, ...partly],
        usage: addUsage(first.usage, outcome.usage),
        generation: first.generation,
      };
    },
    { scope: retriever.scope, k },
  );
}

function blendOf(share: number): Blend {
  if (!isNonNegative(share) || share > 1) throw invalidOption("blend", "a number from 0 to 1, or a blend", share);
  return calibratedBlend({ share });
}

function checkScores({ scores }: Reranked, hits: readonly Hit[], id: string): void {
  const wrong =
    scores.length !== hits.length
      ? `${scores.length} scores for ${hits.length} hits`
      : scores.some((score) => score !== undefined && !Number.isFinite(score))
        ? "a score that is no finite number"
        : undefined;
  if (wrong !== undefined) throw new ClewError("reranker-failed", `The reranker ${id} returned ${wrong}.`);
}
