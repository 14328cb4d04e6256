import type { EmbedderFingerprint } from "@clew/core";
import type { ModelDtype } from "../model-files.js";
import type { Gate } from "./gate.js";

/** What a worker loads, handed over when it starts. */
export interface ModelSpec {
  /** Absolute path of the model's folder. */
  readonly folder: string;
  readonly dtype: ModelDtype;
  /** `embed` gives a vector a text, `score` a number a pair. */
  readonly task: "embed" | "score";
  readonly pooling: EmbedderFingerprint["pooling"];
  /** Length of the vectors. */
  readonly dimensions: number;
  /** Tokens after which a text or pair is cut, special tokens included. */
  readonly maxTokens: number;
  /** Threads that one inference uses. */
  readonly threads: number;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly spec: ModelSpec;
  readonly gate: Gate;
}

/** Work for a worker: a few texts, answered by one {@link WorkerReply}. */
export interface WorkerRequest {
  readonly texts: readonly string[];
  /** First text of each pair; only for the task `score`. */
  readonly query?: string | undefined;
}

/** What a worker answers. */
export type WorkerReply =
  | {
      readonly kind: "done";
      /** `dimensions` numbers a text, or one number a pair. */
      readonly values: Float32Array;
      /** For each text: were tokens left out? */
      readonly cut: readonly boolean[];
    }
  /** This request failed; others may succeed. */
  | { readonly kind: "failed"; readonly message: string }
  /** The model could not be loaded: nothing will ever succeed in this worker. */
  | { readonly kind: "not-loaded"; readonly message: string };
