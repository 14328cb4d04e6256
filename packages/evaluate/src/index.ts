export {
  type BeirDataset,
  type BeirDocument,
  type BeirQuery,
  type ReadBeirOptions,
  readBeir,
} from "./datasets/beir-dataset.js";
export { containsAnswer, normaliseAnswer } from "./datasets/contains-answer.js";
export { shuffled } from "./datasets/shuffled.js";
export { averagePrecision, reciprocalRank } from "./metrics/average-precision.js";
export { type Evaluation, evaluateRun, type MetricName } from "./metrics/evaluate-run.js";
export { type Judgements, type Qrels, type Run, relevant } from "./metrics/judgements.js";
export { ndcg } from "./metrics/ndcg.js";
export { allEvidence, hitRate, precision, recall } from "./metrics/recall.js";
