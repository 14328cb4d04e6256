import type { Edge, Filter, PassageId, Snapshot } from "@clew/core";
import { linkedWeights as w } from "./linked-weights.js";

/** The part of the link graph that a question concerns. */
export interface LinkPool {
  /** Passages, the one with most mass first. */
  readonly ids: readonly PassageId[];
  /** Edges among them. */
  readonly edges: readonly Edge[];
}

/** Options of {@link linkPool}. */
export interface LinkPoolOptions {
  snapshot: Snapshot;
  /** Where to start: mass by passage, adding up to 1. */
  seeds: ReadonlyMap<PassageId, number>;
  /** The first stage's best, best first: they are in the pool whatever the links say. */
  first: readonly PassageId[];
  filter: Filter | undefined;
  signal: AbortSignal | undefined;
}

const leastMass = 1e-6;

/** Spreads the seeds' mass over a few steps of the graph and keeps the passages that got most of it. */
export async function linkPool({ snapshot, seeds, first, filter, signal }: LinkPoolOptions): Promise<LinkPool> {
  const graph = new Neighbours();
  const fetch = async (ids: readonly PassageId[]): Promise<void> => {
    const missing = ids.filter((id) => !graph.knows(id));
    if (missing.length > 0) graph.add(missing, await snapshot.links(missing, { filter, signal }));
  };
  const total = new Map(seeds);
  let mass = new Map(seeds);
  for (let step = 0; step < w.poolSteps; step++) {
    const spreading = byMass(mass)
      .filter(([, value]) => value >= leastMass)
      .slice(0, w.poolSpread);
    await fetch(spreading.map(([id]) => id));
    const next = new Map<PassageId, number>();
    for (const [id, value] of spreading) {
      for (const [to, share] of graph.shares(id)) next.set(to, (next.get(to) ?? 0) + value * share);
    }
    for (const [id, value] of next) total.set(id, (total.get(id) ?? 0) + value);
    mass = next;
  }
  const reached = byMass(total)
    .slice(0, w.poolByWalk)
    .map(([id]) => id);
  const ids = [...new Set([...reached, ...first.slice(0, w.poolByFirst)])];
  await fetch(ids);
  return { ids, edges: graph.among(new Set(ids)) };
}

const byMass = (mass: ReadonlyMap<PassageId, number>): (readonly [PassageId, number])[] =>
  [...mass].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));

/** Edges by the passages at their ends. */
class Neighbours {
  readonly #edges = new Map<PassageId, Edge[]>();

  knows(id: PassageId): boolean {
    return this.#edges.has(id);
  }

  add(ids: readonly PassageId[], edges: readonly Edge[]): void {
    const wanted = new Map(ids.map((id) => [id, [] as Edge[]]));
    for (const edge of edges) {
      wanted.get(edge.from)?.push(edge);
      wanted.get(edge.to)?.push(edge);
    }
    for (const [id, found] of wanted) this.#edges.set(id, found);
  }

  /** Where a passage's mass goes; shares add up to 1 where it has a neighbour. */
  shares(id: PassageId): Map<PassageId, number> {
    const titles = new Map<PassageId, number>();
    const names = new Map<PassageId, number>();
    for (const { from, to, kind, weight } of this.#edges.get(id) ?? []) {
      const other = from === id ? to : from;
      const into = kind === "title" ? titles : names;
      const value = kind === "title" && from !== id ? w.backward * weight : weight;
      into.set(other, (into.get(other) ?? 0) + value);
    }
    const parts = [
      { values: titles, share: 1 },
      { values: names, share: w.entities },
    ].filter(({ values }) => values.size > 0);
    const all = parts.reduce((sum, { share }) => sum + share, 0);
    const shares = new Map<PassageId, number>();
    for (const { values, share } of parts) {
      const sum = [...values.values()].reduce((a, b) => a + b, 0);
      for (const [to, value] of values) shares.set(to, (shares.get(to) ?? 0) + ((value / sum) * share) / all);
    }
    return shares;
  }

  among(ids: ReadonlySet<PassageId>): Edge[] {
    const found = new Set<Edge>();
    const seen = new Set<string>();
    for (const id of ids) {
      for (const edge of this.#edges.get(id) ?? []) {
        const name = `${edge.kind} ${edge.from} ${edge.to}`;
        if (!ids.has(edge.from) || !ids.has(edge.to) || seen.has(name)) continue;
        seen.add(name);
        found.add(edge);
      }
    }
    return [...found];
  }
}
