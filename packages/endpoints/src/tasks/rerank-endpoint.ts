import { ClewError, positiveInteger, type Reranker, rerankerFrom, type ScoreResponse } from "@clew/core";
import { fieldsOf } from "../sagemaker/body-style.js";
import { checkTask, httpServer, type RerankEndpointOptions, type TaskServer } from "./task-options.js";
import { taskSender } from "./task-sender.js";

/**
 * A served reranker, tuned or not, as core's `Reranker`: vLLM and what speaks like it (`/rerank`), text-embeddings-inference,
 * an endpoint of Hugging Face, SageMaker. Scores are probabilities. Batches, deadline and repetitions as `rerankerFrom` of
 * core has them.
 *
 * @throws ClewError `invalid-option`, `missing-key`; its calls `reranker-failed`, `service-refused`, `timed-out`
 */
export function rerankEndpoint(options: RerankEndpointOptions): Reranker {
  checkTask("rerankEndpoint", options, ["batchSize", "maxCharacters", "maxRetries", "usdPerRequest"]);
  const { kind, model, timeoutMs, coldStartMs, runtime, sleep } = options;
  const named = model ?? (kind === "sagemaker" ? options.endpoint : undefined);
  if (kind === "openai") {
    throw new ClewError("invalid-option", 'Option "kind" must be another than "openai", which serves no rerankers.');
  }
  if (named === undefined && kind !== "tei" && kind !== "huggingface") {
    throw new ClewError("invalid-option", `Option "model" must be given for the kind "${kind}".`);
  }
  positiveInteger("timeoutMs", timeoutMs ?? 30_000);
  const id = `${kind}:${named ?? "served"}`;
  const service = `The reranker ${id}`;
  const send = taskSender(options, { service, failed: "reranker-failed", timeoutMs, coldStartMs, runtime, sleep });
  const { path, body, read } = wireOf(options, model);
  const { batchSize, maxCharacters, maxRetries, usdPerRequest } = options;
  const address = options.kind === "sagemaker" ? options.baseURL : httpServer(options).baseURL;
  return rerankerFrom({
    ...{
      id,
      service,
      address,
      scale: "probability",
      batchSize,
      maxCharacters,
      maxRetries,
      usdPerRequest,
      runtime,
      sleep,
    },
    score: async ({ query, documents, signal }) => read(await send(path, body(query, documents), signal)),
  });
}

interface Wire {
  readonly path: string;
  body(query: string, documents: readonly string[]): object;
  /** Undefined when the answer has another form. */
  read(answer: unknown): ScoreResponse | undefined;
}

function wireOf(server: TaskServer, model: string | undefined): Wire {
  const style = server.kind === "sagemaker" ? (server.bodyStyle ?? "tei") : server.kind;
  if (style === "tei" || style === "huggingface") {
    return {
      path: "/rerank",
      body: (query, texts) => ({ query: query.toWellFormed(), texts, truncate: true, raw_scores: false }),
      read: (answer) => scored(answer, "score"),
    };
  }
  return {
    path: "/rerank",
    body: (query, documents) => ({
      ...(model === undefined ? {} : { model }),
      query: query.toWellFormed(),
      documents,
    }),
    read: (answer) => {
      const { results, usage } = fieldsOf(answer) ?? {};
      const { total_tokens: tokens } = fieldsOf(usage) ?? {};
      const found = scored(results, "relevance_score");
      return found && { ...found, ...(typeof tokens === "number" ? { spent: { inputTokens: tokens } } : {}) };
    },
  };
}

function scored(list: unknown, name: string): ScoreResponse | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = list.map(fieldsOf);
  if (found.some((one) => one === undefined)) return undefined;
  return { results: found.map((one) => ({ index: one!.index, score: one![name] })) };
}
