import type { ScoredPassages } from "@clew/core";
import { saturation } from "./linked-weights.js";

/** How well passages cover the terms of a question, in shares of its idf mass. */
export interface QuestionCover {
  /** What a passage covers. */
  of(passage: number): number;
  /** What one passage covers of what another leaves open. */
  open(before: number, passage: number): number;
}

/** A term is covered by `tf / (tf + k1 · (1 − b + b · length / average))`, as BM25 counts repetition. */
export function questionCover({ scores, terms, lengths }: ScoredPassages): QuestionCover {
  const mass = terms.reduce((sum, { idf }) => sum + idf, 0);
  const shares = Float64Array.from(terms, ({ idf }) => (mass > 0 ? idf / mass : 0));
  const { k1, b } = saturation;
  const covered = scores.map(({ tf = [] }, passage) => {
    const norm = k1 * (1 - b + b * lengths[passage]!);
    return Float64Array.from(terms, (_, term) => {
      const count = tf[term] ?? 0;
      return count > 0 ? count / (count + norm) : 0;
    });
  });
  const whole = covered.map((parts) => parts.reduce((sum, part, term) => sum + shares[term]! * part, 0));
  return {
    of: (passage) => whole[passage]!,
    open: (before, passage) => {
      const known = covered[before]!;
      const parts = covered[passage]!;
      let sum = 0;
      for (let term = 0; term < parts.length; term++) {
        if (parts[term]! > 0) sum += shares[term]! * (1 - known[term]!) * parts[term]!;
      }
      return sum;
    },
  };
}
