export { type ConvexOptions, convex, type Normalisation } from "./fusion/convex.js";
export type { Fusion, LegRanking } from "./fusion/fusion.js";
export { type RrfOptions, rrf } from "./fusion/rrf.js";
export { type HybridOptions, hybrid } from "./hybrid.js";
export type { LegRetrieverOptions } from "./legs/single-leg.js";
export { lexical } from "./lexical.js";
export { naive } from "./naive.js";
export { type RerankedOptions, reranked } from "./reranked.js";
