/**
 * Numbers of linked retrieval. Fitted on one half of the questions of six sets (hotpotqa, 2wiki, musique, strategyqa,
 * multihoprag-facts, nfcorpus), with and without an embedder; `benchmarks/README.md` reports the other half.
 */
export const linkedWeights = {
  /** Best hits of the first stage that are seeds, and the power of their scores. */
  seeds: 20,
  seedPower: 4,
  /** Seed mass of a passage whose title the question names; that of the best hit is 1. */
  namedSeed: 3,
  /** Passages kept for what the walk brings, and for what the first stage gave them. */
  poolByWalk: 150,
  poolByFirst: 60,
  /** Steps from the seeds that reach the pool, and passages that spread at each. */
  poolSteps: 2,
  poolSpread: 30,
  /** A title edge walked backwards, and all edges by shared names against all by titles. */
  backward: 0.07,
  entities: 0.3,
  /** How much question terms that are new at the other end strengthen an edge. */
  residual: 12,
  /** Chance to return to the seeds at each step of the walk, and its steps. */
  restart: 0.5,
  steps: 10,
  /** Passages that others are compared with: for what they leave open, and for what they link to. */
  openFrom: 3,
  linkedFrom: 10,
  /** Seed mass on passages with title edges at which the features of a chain count in full. */
  gate: 0.04,
  /** The final score. */
  floor: 0.001,
  cosine: 1.5,
  coverage: -3.5,
  open: 5.7,
  chain: 1.6,
} as const;

/** BM25's saturation, for how well a passage covers a term. */
export const saturation = { k1: 1.2, b: 0.75 } as const;
