import type { PassageId } from "../source/passage-id.js";
import type { Span } from "../source/span.js";

/** A way of searching an index. */
export type Leg = "lexical" | "dense" | "links";

/** One query term in a lexical score. */
export interface TermScore {
  /** The term as indexed (folded, stemmed). */
  readonly term: string;
  /** How often it occurs in the passage, over all fields, weighted. */
  readonly tf: number;
  /** Passages of the asker's scope that hold it. */
  readonly df: number;
  /** Its part of the score. */
  readonly score: number;
  /** Where it stands in the passage's text, as offsets into that text; the first 20. */
  readonly at: readonly Span[];
}

/** One part of a fused score: `gain = weight × value`. */
export interface FusedPart {
  readonly name: string;
  /** Rank in that ranking, from 1; absent when it did not find the passage. */
  readonly rank?: number | undefined;
  /** Raw score there. */
  readonly score?: number | undefined;
  /** What it added to the fused score. */
  readonly gain: number;
  readonly explain?: Explain | undefined;
}

/** One step of a path through the link graph. */
export interface LinkStep {
  readonly from: PassageId;
  readonly to: PassageId;
  readonly kind: "title" | "entity";
  /** The words that made the link. */
  readonly words: string;
}

/** Why a hit has its score. */
export type Explain =
  | { readonly kind: "leg"; readonly leg: "lexical"; readonly rank: number; readonly terms: readonly TermScore[] }
  | { readonly kind: "leg"; readonly leg: "dense"; readonly rank: number; readonly cosine: number }
  | { readonly kind: "fused"; readonly method: string; readonly parts: readonly FusedPart[] }
  | {
      readonly kind: "linked";
      readonly path: readonly LinkStep[];
      readonly features: Readonly<Record<string, number>>;
      readonly before?: Explain | undefined;
    }
  | {
      readonly kind: "reranked";
      readonly reranker: string;
      /** Rank before, from 1. */
      readonly rankBefore: number;
      readonly before: Explain;
      /** The reranker's own score; absent for the rest that it did not reach. */
      readonly score?: number | undefined;
      readonly parts?: readonly FusedPart[] | undefined;
    }
  | {
      readonly kind: "other";
      readonly name: string;
      readonly detail: Readonly<Record<string, string | number | boolean>>;
      /** Why the hit had its score before this stage. */
      readonly before?: Explain | undefined;
    };
