import type { Edge, PassageId } from "@clew/core";
import { linkedWeights as w } from "./linked-weights.js";
import type { QuestionCover } from "./question-cover.js";

/** A walk over the pool. */
export interface LinkWalk {
  /** Where the walker is, divided by the best. */
  readonly mass: Float64Array;
  /** What the best had before. */
  readonly best: number;
  /** Chance to go from one passage to another; what rows lack of 1 returns to the seeds. */
  readonly moves: readonly ReadonlyMap<number, number>[];
  /** Passages with a title edge in the pool. */
  readonly titled: readonly boolean[];
}

/** Options of {@link linkWalk}. */
export interface LinkWalkOptions {
  ids: readonly PassageId[];
  edges: readonly Edge[];
  /** By passage of the pool, adding up to 1. */
  seeds: Float64Array;
  cover: QuestionCover;
}

/**
 * Personalised PageRank over the pool. An edge is stronger where it leads to what its beginning leaves open of the
 * question. Title edges and shared names have rows of their own, so that where there are no titles the walk goes home
 * rather than along weak names.
 *
 * @see Haveliwala, "Topic-sensitive PageRank", WWW 2002
 */
export function linkWalk({ ids, edges, seeds, cover }: LinkWalkOptions): LinkWalk {
  const size = ids.length;
  const at = new Map(ids.map((id, index) => [id, index]));
  const titles = ids.map(() => new Map<number, number>());
  const names = ids.map(() => new Map<number, number>());
  const add = (row: Map<number, number>, to: number, value: number): void => {
    row.set(to, (row.get(to) ?? 0) + value);
  };
  for (const edge of edges) {
    const [from, to] = [at.get(edge.from)!, at.get(edge.to)!];
    if (edge.kind === "title") {
      add(titles[from]!, to, edge.weight);
      add(titles[to]!, from, w.backward * edge.weight);
    } else {
      add(names[from]!, to, edge.weight);
      add(names[to]!, from, edge.weight);
    }
  }
  const moves = ids.map((_, row) => {
    const chances = new Map<number, number>();
    for (const [links, share] of [
      [titles[row]!, 1],
      [names[row]!, w.entities],
    ] as const) {
      const weighed = [...links]
        .sort(([a], [b]) => a - b)
        .map(([to, value]) => [to, value * (1 + w.residual * cover.open(row, to))] as const);
      const sum = weighed.reduce((total, [, value]) => total + value, 0);
      for (const [to, value] of weighed) add(chances, to, ((value / sum) * share) / (1 + w.entities));
    }
    return chances;
  });
  const targets = moves.map((row) => Uint32Array.from(row.keys()));
  const chances = moves.map((row) => Float64Array.from(row.values()));
  let mass: Float64Array = Float64Array.from(seeds);
  for (let step = 0; step < w.steps; step++) {
    const next = new Float64Array(size);
    let leaked = 0;
    for (let row = 0; row < size; row++) {
      const value = mass[row]!;
      let kept = 0;
      for (const [index, to] of targets[row]!.entries()) {
        const moved = value * chances[row]![index]!;
        next[to]! += moved;
        kept += moved;
      }
      leaked += value - kept;
    }
    for (let row = 0; row < size; row++) {
      next[row] = w.restart * seeds[row]! + (1 - w.restart) * (next[row]! + leaked * seeds[row]!);
    }
    mass = next;
  }
  const best = mass.reduce((a, b) => Math.max(a, b), 0);
  return {
    mass: mass.map((value) => (best > 0 ? value / best : 0)),
    best,
    moves,
    titled: titles.map((row) => row.size > 0),
  };
}
