export {
  allEvidence,
  averagePrecision,
  type BootstrapOptions,
  bootstrapInterval,
  type GoldenQuery,
  type GoldenSet,
  hitRate,
  type Interval,
  type JudgedQuery,
  type Judgements,
  judgedQueries,
  type Metric,
  type MetricName,
  metric,
  ndcg,
  precision,
  type Qrels,
  type RandomisationOptions,
  type RandomisationResult,
  type Run,
  randomisationTest,
  recall,
  reciprocalRank,
  relevant,
  rPrecision,
  seededRandom,
  shuffled,
} from "@clew/core/measure";
export {
  type ComparableEvaluation,
  type CompareOptions,
  type Comparison,
  compareEvaluations,
  type MetricComparison,
} from "./compare/compare-evaluations.js";
export { type ComparisonAmongMany, compareMany } from "./compare/compare-many.js";
export { type CompareRunsOptions, compareRuns } from "./compare/compare-runs.js";
export { holm } from "./compare/holm.js";
export { type Latency, latency } from "./compare/latency.js";
export type { QueryDifference } from "./compare/query-differences.js";
export {
  type BeirDataset,
  type BeirDocument,
  type BeirQuery,
  type ReadBeirOptions,
  readBeir,
} from "./datasets/beir-dataset.js";
export { containsAnswer, normaliseAnswer } from "./datasets/contains-answer.js";
export { type Halves, halves } from "./datasets/halves.js";
export { type WriteBeirOptions, writeBeir } from "./datasets/write-beir.js";
export { type Evaluation, evaluateRun } from "./metrics/evaluate-run.js";
export {
  type CountedNote,
  type EvaluateRetrieverOptions,
  evaluateRetriever,
  type RetrieverEvaluation,
} from "./retriever/evaluate-retriever.js";
export { readTrecQrels, type WriteTrecQrelsOptions, writeTrecQrels } from "./trec/trec-qrels.js";
export {
  type ReadTrecOptions,
  readTrecRun,
  type TrecRun,
  type WriteTrecRunOptions,
  writeTrecRun,
} from "./trec/trec-run.js";
