import type { Edge, PassageId } from "@clew/core";
import type { LinkWalk } from "./link-walk.js";
import { linkedWeights as w } from "./linked-weights.js";

const longest = 3;

/** Options of {@link linkPaths}. */
export interface LinkPathsOptions {
  ids: readonly PassageId[];
  edges: readonly Edge[];
  walk: LinkWalk;
  seeds: Float64Array;
}

/**
 * The way on which most of the walk came to a passage: from a seed over at most three links. Empty for a passage that is
 * itself a seed more than it is reached, and for one that no link reaches. An edge may be walked against its direction.
 */
export function linkPaths({
  ids,
  edges,
  walk: { mass, best, moves },
  seeds,
}: LinkPathsOptions): (passage: number) => Edge[] {
  const edgeOf = new Map<string, Edge>();
  for (const edge of edges) {
    const name = `${edge.from} ${edge.to}`;
    if (edgeOf.get(name)?.kind !== "title") edgeOf.set(name, edge);
  }
  const between = (a: PassageId, b: PassageId): Edge | undefined => {
    const found = [edgeOf.get(`${a} ${b}`), edgeOf.get(`${b} ${a}`)];
    return found.find((edge) => edge?.kind === "title") ?? found.find((edge) => edge !== undefined);
  };
  return (passage) => {
    const steps: Edge[] = [];
    const seen = new Set([passage]);
    for (let to = passage; steps.length < longest; ) {
      let [from, flow] = [-1, 0];
      for (const [row, moved] of moves.entries()) {
        const value = mass[row]! * (moved.get(to) ?? 0) * (1 - w.restart);
        if (value > flow && !seen.has(row)) [from, flow] = [row, value];
      }
      const own = best > 0 ? (w.restart * seeds[to]!) / best : 0;
      const edge = from < 0 || own >= flow ? undefined : between(ids[from]!, ids[to]!);
      if (edge === undefined) break;
      steps.unshift(edge);
      seen.add(from);
      to = from;
    }
    return steps;
  };
}
